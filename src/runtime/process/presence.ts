import { isDeepStrictEqual } from 'node:util';
import type { Clock, Timer } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Json, Lease, State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { instancesPrefix } from '../registry.js';
import type { InstanceRecord } from '../service.js';

export interface PresenceOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** How long records count once nobody keeps them any more. */
  readonly leaseMs: number;
  /** Told that the records are gone because they were not kept in time, and are to be published again. */
  readonly onLapsed: () => void;
}

/** Keeps the records of instances in the state, under a lease that is kept alive until `close`. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #published = new Map<string, ReadonlyMap<string, InstanceRecord>>();
  #lease: Promise<Lease> | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** Makes the state have exactly these records of a service. One call at a time for each service. */
  async publish(service: string, records: readonly InstanceRecord[]): Promise<void> {
    const { state } = this.#options;
    const before = this.#published.get(service) ?? new Map<string, InstanceRecord>();
    const now = new Map(records.map((record) => [record.id, record]));
    const changed = records.filter((record) => !isDeepStrictEqual(before.get(record.id), record));
    const gone = [...before.keys()].filter((id) => !now.has(id));
    if (changed.length === 0 && gone.length === 0) return;
    const lease = await this.#held();
    const keyOf = (id: string) => `${instancesPrefix}${service}/${id}`;
    try {
      await state.transaction({
        compare: [],
        success: [
          ...changed.map((record) => ({
            put: keyOf(record.id),
            value: record as unknown as Json,
            lease: lease.id,
          })),
          ...gone.map((id) => ({ delete: keyOf(id) })),
        ],
      });
    } catch (thrown) {
      if (isLapsed(thrown)) this.#lapsed();
      throw thrown;
    }
    if (now.size === 0) this.#published.delete(service);
    else this.#published.set(service, now);
  }

  /** Ends the lease, and the records with it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    const lease = await this.#lease?.catch(() => undefined);
    await lease?.revoke().catch((thrown: unknown) => {
      if (!isLapsed(thrown)) throw thrown;
    });
  }

  #held(): Promise<Lease> {
    if (this.#lease === undefined) {
      const { state, leaseMs } = this.#options;
      this.#lease = state.lease(leaseMs);
      this.#lease.then(
        () => this.#keepLater(),
        // whoever publishes is told, and the next one tries again
        () => {
          this.#lease = undefined;
        },
      );
    }
    return this.#lease;
  }

  #keepLater(): void {
    if (this.#closed) return;
    const { clock, leaseMs, logger } = this.#options;
    this.#timer = clock.timer(leaseMs / 3, () => {
      this.#keep().catch((thrown: unknown) => {
        if (!this.#closed) logger.warn({ err: thrown }, 'the lease of instances could not be kept alive');
      });
    });
  }

  async #keep(): Promise<void> {
    try {
      await (await this.#lease)?.keepAlive();
    } catch (thrown) {
      if (isLapsed(thrown)) {
        this.#lapsed();
        return;
      }
      throw thrown;
    } finally {
      if (this.#lease !== undefined) this.#keepLater();
    }
  }

  #lapsed(): void {
    this.#lease = undefined;
    this.#timer?.cancel();
    this.#published.clear();
    if (!this.#closed) this.#options.onLapsed();
  }
}

function isLapsed(thrown: unknown): boolean {
  return thrown instanceof StarlingError && thrown.code === 'lease-lapsed';
}
