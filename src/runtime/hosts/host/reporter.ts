import { isDeepStrictEqual } from 'node:util';
import type { Clock, Timer } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import { createTurns } from '../../../kernel/turns/index.js';
import type { InstanceRecord } from '../../service.js';
import { type HostContract, type HostLease, mostReportedChanges } from '../contract.js';
import { refusalFields } from './refusal.js';

export interface ReporterOptions {
  readonly contract: Pick<HostContract, 'report'>;
  readonly name: string;
  readonly lease: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Told that the lease has lapsed. */
  readonly onLapsed: (thrown: StarlingError) => void;
}

/** How soon changes are told again where that failed, in milliseconds. */
const againMs = 500;

/** Tells the gateway of a host's instances under one lease: what changed since it was told, one report after the other. */
export class Reporter {
  readonly #options: ReporterOptions;
  /** What the gateway was told, and what it is to be told, by service and id. */
  readonly #told = new Map<string, InstanceRecord>();
  readonly #wanted = new Map<string, InstanceRecord>();
  #sequence = 0;
  #leaving = false;
  readonly #inTurn = createTurns(1);
  #flushing = false;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Has the gateway know exactly these instances of a service, soon. */
  publish(service: string, records: readonly InstanceRecord[]): void {
    for (const [key, one] of this.#wanted) if (one.service === service) this.#wanted.delete(key);
    for (const record of records) this.#wanted.set(keyOf(record), record);
    void this.#flush();
  }

  /** Sends a report, with what has changed; resolves when it was taken. Throws what the gateway refuses it with. */
  send(): Promise<HostLease> {
    return this.#inTurn(() => this.#sendNow());
  }

  /** Tells that the host stops, and all that is left to tell, as far as the gateway can be reached now. */
  async leave(): Promise<void> {
    this.#leaving = true;
    await this.send();
    while (this.#changes().length > 0) await this.send();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Sends until there is nothing more to tell; where that fails it goes on after a while. Never rejects. */
  async #flush(): Promise<void> {
    if (this.#flushing || this.#closed) return;
    this.#flushing = true;
    this.#timer?.cancel();
    try {
      while (!this.#closed && this.#changes().length > 0) await this.send();
    } catch (thrown) {
      if (this.#closed) return;
      this.#options.logger.warn(
        refusalFields(thrown),
        'the gateway could not be told of instances; it is told again',
      );
      this.#timer = this.#options.clock.timer(againMs, () => void this.#flush());
    } finally {
      this.#flushing = false;
    }
  }

  async #sendNow(): Promise<HostLease> {
    const { contract, name, lease, onLapsed } = this.#options;
    const changes = this.#changes().slice(0, mostReportedChanges);
    this.#sequence += 1;
    try {
      const answer = await contract.report(name, {
        lease,
        sequence: this.#sequence,
        changed: changes.flatMap(({ now }) => now ?? []),
        gone: changes.flatMap(({ before, now }) =>
          now === undefined && before !== undefined ? [{ service: before.service, id: before.id }] : [],
        ),
        ...(this.#leaving ? { leaving: true } : {}),
      });
      for (const { key, now } of changes) {
        if (now === undefined) this.#told.delete(key);
        else this.#told.set(key, now);
      }
      return answer;
    } catch (thrown) {
      if (thrown instanceof StarlingError && thrown.code === 'lease-lapsed' && !this.#closed)
        onLapsed(thrown);
      throw thrown;
    }
  }

  #changes() {
    const keys = new Set([...this.#told.keys(), ...this.#wanted.keys()]);
    return [...keys].flatMap((key) => {
      const [before, now] = [this.#told.get(key), this.#wanted.get(key)];
      return isDeepStrictEqual(before, now) ? [] : [{ key, before, now }];
    });
  }
}

const keyOf = ({ service, id }: InstanceRecord) => `${service}/${id}`;
