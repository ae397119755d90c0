import type { InstanceRecord, Service } from '../runtime/index.js';

/** A service as operators see it: without the values of its environment, which may be secret. */
export interface ServiceView
  extends Pick<Service, 'name' | 'source' | 'because' | 'changedAt' | 'generation'> {
  readonly description?: string;
  readonly command: readonly string[];
  readonly replicas: { readonly desired: number; readonly min: number; readonly max: number };
  readonly instances: readonly Omit<InstanceRecord, 'service' | 'processStart'>[];
  readonly waiting?: NonNullable<Service['waiting']>;
}

/** What is shown of a service. */
export function serviceView(service: Service): ServiceView {
  const { name, source, because, changedAt, generation, desired, declaration, instances, waiting } = service;
  const { description, command, replicas } = declaration;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    source,
    command: 'program' in command ? [command.program] : command,
    replicas: { ...replicas, desired },
    because,
    changedAt,
    generation,
    instances: instances.map(({ service: _service, processStart: _start, ...shown }) => shown),
    ...(waiting === undefined ? {} : { waiting }),
  };
}
