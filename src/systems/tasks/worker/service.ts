import type { ServiceInput } from '../../../runtime/index.js';

/** The photo worker as a service: one instance, more where they are asked for. Its program has the same name. */
export const photoWorker: ServiceInput = {
  name: 'photo-worker',
  description: 'Applies filters to photos that were uploaded as tasks.',
  command: { program: 'photo-worker' },
  replicas: { desired: 1, min: 0, max: 16 },
  limits: { memoryMegabytes: 2_048 },
  readiness: 'line',
};
