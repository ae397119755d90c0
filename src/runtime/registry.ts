import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Clock } from '../kernel/clock/index.js';
import { StarlingError } from '../kernel/errors/index.js';
import type { Json, State } from '../kernel/state/index.js';
import { changesUnder } from './changes-under.js';
import { entriesUnder } from './entries-under.js';
import {
  type InstanceRecord,
  type Service,
  type ServiceDeclaration,
  type ServiceInput,
  type ServiceRecord,
  serviceNameSchema,
  serviceSchema,
} from './service.js';

/** Where records of services are in the state. */
export const servicesPrefix = 'services/';
/** Where records of instances are in the state. */
export const instancesPrefix = 'instances/';

/** What is wanted of services, and what runs, as the state has it: the same for every adapter. */
export class ServiceRegistry {
  readonly #state: State;
  readonly #clock: Clock;

  constructor(state: State, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** See `Runtime.declare`. */
  async declare(inputs: readonly ServiceInput[], source: string): Promise<void> {
    const declarations = inputs.map(validateService);
    const named = new Set(declarations.map(({ name }) => name));
    if (named.size < declarations.length)
      throw invalid(`${source} declares a service twice. Name each once.`);
    const entries = (await entriesUnder(this.#state, servicesPrefix)).map(
      (entry) => entry.value as unknown as ServiceRecord,
    );
    const other = entries.find((one) => one.source !== source && named.has(one.declaration.name));
    if (other !== undefined) {
      const { name } = other.declaration;
      throw invalid(
        `The service ${name} of ${source} is declared by ${other.source} already. Rename one of them.`,
      );
    }
    for (const declaration of declarations) await this.#declareOne(declaration, source);
    for (const { declaration, source: owner } of entries) {
      if (owner === source && !named.has(declaration.name)) {
        await this.#state.delete(servicesPrefix + declaration.name);
      }
    }
  }

  /** The record of a service; `undefined` where it is not declared. */
  async record(name: string): Promise<ServiceRecord | undefined> {
    const entry = await this.#state.get(servicesPrefix + name);
    return entry?.value as unknown as ServiceRecord | undefined;
  }

  /** The records of all instances. */
  async instances(): Promise<InstanceRecord[]> {
    return (await entriesUnder(this.#state, instancesPrefix)).map(
      (entry) => entry.value as unknown as InstanceRecord,
    );
  }

  /** All services, by name. */
  async services(): Promise<Service[]> {
    const [records, all] = await Promise.all([entriesUnder(this.#state, servicesPrefix), this.instances()]);
    return records.map((entry) => {
      const record = entry.value as unknown as ServiceRecord;
      return withInstances(
        record,
        all.filter(({ service }) => service === record.declaration.name),
      );
    });
  }

  /** One service. Throws `not-found`. */
  async service(name: string): Promise<Service> {
    const record = await this.record(name);
    if (record === undefined) throw noService(name);
    const instances = await entriesUnder(this.#state, `${instancesPrefix}${name}/`);
    return withInstances(
      record,
      instances.map((entry) => entry.value as unknown as InstanceRecord),
    );
  }

  /** See `Runtime.scale`. */
  async scale(name: string, replicas: number, because: string): Promise<Service> {
    await this.#change(name, (record) => {
      const { min, max } = record.declaration.replicas;
      if (!Number.isInteger(replicas) || replicas < min || replicas > max) {
        const message = `The service ${name} cannot have ${replicas} instances. Give a whole number from ${min} to ${max}, or change its range where it is declared.`;
        throw new StarlingError('input-invalid', message, { details: { name, min, max } });
      }
      return { ...record, desired: replicas, scaled: true, because };
    });
    return this.service(name);
  }

  /** See `Runtime.restart`. */
  async restart(name: string, because: string): Promise<Service> {
    await this.#change(name, (record) => ({ ...record, generation: record.generation + 1, because }));
    return this.service(name);
  }

  /** See `Runtime.watch`. */
  async *watch(name: string, signal: AbortSignal): AsyncGenerator<Service> {
    // watched before it is read, so that nothing is missed between the two
    const ended = new AbortController();
    const prefixes = [servicesPrefix + name, `${instancesPrefix}${name}/`];
    const changes = changesUnder(this.#state, prefixes, AbortSignal.any([signal, ended.signal]));
    try {
      yield await this.service(name);
      for await (const _change of changes) {
        if ((await this.record(name)) === undefined) return;
        yield await this.service(name);
      }
    } finally {
      ended.abort();
    }
  }

  async #declareOne(declaration: ServiceDeclaration, source: string): Promise<void> {
    const { name, replicas } = declaration;
    await this.#write(name, (before) => {
      if (before !== undefined && isDeepStrictEqual(before.declaration, declaration)) return before;
      const kept =
        before?.scaled === true && before.desired >= replicas.min && before.desired <= replicas.max;
      return {
        declaration,
        source,
        desired: kept ? before.desired : replicas.desired,
        scaled: kept,
        because: kept ? before.because : `declared by ${source}`,
        changedAt: this.#now(),
        generation: (before?.generation ?? 0) + 1,
      };
    });
  }

  async #change(name: string, change: (record: ServiceRecord) => ServiceRecord): Promise<void> {
    await this.#write(name, (before) => {
      if (before === undefined) throw noService(name);
      return { ...change(before), changedAt: this.#now() };
    });
  }

  /** Writes what `next` makes of the record; again where somebody else was faster. */
  async #write(name: string, next: (before: ServiceRecord | undefined) => ServiceRecord): Promise<void> {
    const key = servicesPrefix + name;
    for (;;) {
      const entry = await this.#state.get(key);
      const before = entry?.value as unknown as ServiceRecord | undefined;
      const after = next(before);
      if (after === before) return;
      try {
        await this.#state.put(key, after as unknown as Json, { ifRevision: entry?.modRevision ?? 0 });
        return;
      } catch (thrown) {
        if (!(thrown instanceof StarlingError && thrown.code === 'revision-conflict')) throw thrown;
      }
    }
  }

  #now(): string {
    return new Date(this.#clock.wallTime()).toISOString();
  }
}

/** A declaration with every default filled in. Throws `configuration-invalid`. */
export function validateService(input: ServiceInput): ServiceDeclaration {
  const { name, ...rest } = input;
  const parsed = z
    .strictObject({ name: serviceNameSchema, service: serviceSchema })
    .safeParse({ name, service: rest });
  if (parsed.success) return { name: parsed.data.name, ...parsed.data.service };
  const [issue] = parsed.error.issues;
  const where = issue?.path.filter((part) => part !== 'service').join('.');
  throw invalid(`The service ${name} cannot be declared: ${where}: ${issue?.message}.`);
}

/** `not-found` for a service that is not declared. */
export function noService(name: string): StarlingError {
  const message = `There is no service ${name}. \`starling services\` lists what there is.`;
  return new StarlingError('not-found', message, { details: { name } });
}

function withInstances(record: ServiceRecord, instances: readonly InstanceRecord[]): Service {
  const bySlot = [...instances].sort((one, other) => one.slot - other.slot);
  return { name: record.declaration.name, ...record, instances: bySlot };
}

function invalid(message: string): StarlingError {
  return new StarlingError('configuration-invalid', message);
}
