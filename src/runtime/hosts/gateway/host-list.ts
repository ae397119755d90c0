import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Json, State } from '../../../kernel/state/index.js';
import { entriesUnder } from '../../entries-under.js';
import { instancesPrefix } from '../../registry.js';
import type { ChangeCause } from '../../runtime.js';
import type { InstanceRecord } from '../../service.js';
import {
  type AssignmentsRecord,
  assignmentsPrefix,
  type HostRecord,
  type HostSettings,
  hostSettingsPrefix,
  hostsPrefix,
} from '../records.js';

/** A host, as whoever looks after them sees it. */
export interface Host {
  readonly name: string;
  /** `open`: takes instances; `drained`: gives away what it has; `leaving`: it stops; `gone`: nothing is heard of it. */
  readonly state: 'open' | 'drained' | 'leaving' | 'gone';
  /** Why it is drained, or not any more. */
  readonly because: string;
  /** Places for instances, its version and since when it is there; absent where it is gone. */
  readonly capacity?: number;
  readonly version?: string;
  readonly since?: string;
  /** How many instances it is to keep. */
  readonly assigned: number;
  /** What it tells of, by service and slot. */
  readonly instances: readonly InstanceRecord[];
}

/** Hosts as people see and change them. */
export interface Hosts {
  /** By name; also those that are gone, until they are removed. */
  list(): Promise<readonly Host[]>;
  /** Has a host keep nothing, or again what is given to it. Throws `not-found`. */
  drain(name: string, drained: boolean, cause: ChangeCause): Promise<Host>;
  /**
   * Forgets a host; one that is there is told to end. Throws `not-found`, and `host-in-use` where it is there and is to keep
   * instances still.
   */
  remove(name: string): Promise<void>;
}

/** Hosts, as the state has them. */
export class HostList implements Hosts {
  readonly #state: State;
  readonly #clock: Clock;

  constructor(state: State, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  async list(): Promise<readonly Host[]> {
    const [settings, present, assignments, instances] = await Promise.all([
      this.#byName<HostSettings>(hostSettingsPrefix),
      this.#byName<HostRecord>(hostsPrefix),
      this.#byName<AssignmentsRecord>(assignmentsPrefix),
      entriesUnder(this.#state, instancesPrefix),
    ]);
    const records = instances.map(({ value }) => value as unknown as InstanceRecord);
    return [...settings].map(([name, said]) => {
      const there = present.get(name);
      return {
        name,
        state: stateOf(there, said),
        because: said.because,
        ...(there === undefined
          ? {}
          : { capacity: there.capacity, version: there.version, since: there.registeredAt }),
        assigned: assignments.get(name)?.slots.length ?? 0,
        instances: records
          .filter(({ host }) => host === name)
          .sort((one, other) => (one.service < other.service ? -1 : 1) || one.slot - other.slot),
      };
    });
  }

  async drain(name: string, drained: boolean, { because }: ChangeCause): Promise<Host> {
    for (;;) {
      const entry = await this.#state.get(hostSettingsPrefix + name);
      if (entry === undefined) throw noHost(name);
      const changedAt = new Date(this.#clock.wallTime()).toISOString();
      const value: HostSettings = { drained, because, changedAt };
      const { succeeded } = await this.#state.transaction({
        compare: [{ key: entry.key, modRevision: entry.modRevision }],
        success: [{ put: entry.key, value: value as unknown as Json }],
      });
      if (succeeded) return this.#host(name);
    }
  }

  async remove(name: string): Promise<void> {
    const { state, assigned } = await this.#host(name);
    if (state !== 'gone' && (state === 'open' || assigned > 0)) {
      const message = `The host ${name} is there and is to keep ${assigned} instances. Drain it first (\`starling hosts drain ${name}\`), and remove it once it keeps none.`;
      throw new StarlingError('host-in-use', message, { details: { host: name, assigned } });
    }
    const entry = await this.#state.get(hostsPrefix + name);
    if (entry?.lease !== undefined) {
      // it reads that, and leaves by itself
      const value = { ...(entry.value as unknown as HostRecord), removed: true } as unknown as Json;
      await this.#state.put(entry.key, value, { ifRevision: entry.modRevision, lease: entry.lease });
    }
    await this.#state.delete(assignmentsPrefix + name);
    await this.#state.delete(hostSettingsPrefix + name);
  }

  async #host(name: string): Promise<Host> {
    const host = (await this.list()).find((one) => one.name === name);
    if (host === undefined) throw noHost(name);
    return host;
  }

  async #byName<Value>(prefix: string): Promise<ReadonlyMap<string, Value>> {
    const entries = await entriesUnder(this.#state, prefix);
    return new Map(entries.map(({ key, value }) => [key.slice(prefix.length), value as unknown as Value]));
  }
}

function stateOf(there: HostRecord | undefined, { drained }: HostSettings): Host['state'] {
  if (there === undefined) return 'gone';
  if (there.leaving === true || there.removed === true) return 'leaving';
  return drained ? 'drained' : 'open';
}

function noHost(name: string): StarlingError {
  const message = `There is no host ${name}. \`starling hosts\` lists those that are known.`;
  return new StarlingError('not-found', message, { details: { host: name } });
}
