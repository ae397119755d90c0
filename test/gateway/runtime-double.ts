import { StarlingError } from '../../src/kernel/errors/index.js';
import type { LogLine, Runtime, Service } from '../../src/runtime/index.js';
import { validateService } from '../../src/runtime/registry.js';

/** A line of its log. */
export const logLine = (sequence: number): LogLine => ({
  sequence,
  time: '2024-01-01T00:00:01.000Z',
  service: 'photo-worker',
  instance: 'photo-worker-0-0a0b0c0d',
  stream: 'stdout',
  text: `line ${sequence}`,
});

/** A runtime that has one service with one instance and five lines, and notes what it is asked for. */
export function runtimeDouble(): Pick<Runtime, 'services' | 'service' | 'scale' | 'restart' | 'logs'> & {
  readonly asked: unknown[];
} {
  const asked: unknown[] = [];
  const service: Service = {
    name: 'photo-worker',
    declaration: validateService({
      name: 'photo-worker',
      command: { program: 'photo-worker' },
      environment: { SECRET: 'swordfish' },
    }),
    source: 'tasks',
    desired: 1,
    scaled: false,
    because: 'declared by tasks',
    changedAt: '2024-01-01T00:00:00.000Z',
    generation: 1,
    instances: [
      {
        id: 'photo-worker-0-0a0b0c0d',
        service: 'photo-worker',
        slot: 0,
        generation: 1,
        host: 'here',
        pid: 4711,
        processStart: '1 2',
        state: 'ready',
        startedAt: '2024-01-01T00:00:00.000Z',
        readyAt: '2024-01-01T00:00:01.000Z',
        restarts: 0,
      },
    ],
  };
  const named = async (name: string) => {
    if (name === service.name) return service;
    throw new StarlingError('not-found', `There is no service ${name}.`);
  };
  return {
    asked,
    services: async () => [service],
    service: named,
    scale: async (name, replicas, cause) => {
      asked.push({ scale: name, replicas, ...cause });
      return { ...(await named(name)), desired: replicas, ...cause };
    },
    restart: async (name, cause) => {
      asked.push({ restart: name, ...cause });
      return { ...(await named(name)), generation: 2, ...cause };
    },
    logs: async (name, { after = 0, last = 5, follow = false }) => {
      await named(name);
      asked.push({ logs: name, after, last, follow });
      return (async function* () {
        for (let sequence = Math.max(after, 5 - last) + 1; sequence <= 5; sequence += 1)
          yield logLine(sequence);
      })();
    },
  };
}
