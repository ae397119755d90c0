import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import type {
  DeadLetterPage,
  Delivery,
  Published,
  PublishOptions,
  Queue,
  QueueStats,
  TakeOptions,
} from '../queue.js';
import { DeadLetters } from './dead-letters.js';
import { Delivering } from './delivering.js';
import { QueueLedger } from './ledger.js';
import { Publishing } from './publishing.js';
import { momentOf, type QueueLogger, type QueueParts } from './queue-parts.js';
import type { QueueStore } from './queue-store.js';
import type { StoredQueue } from './tables.js';

/** What a queue of the local adapter is made of. */
export interface LocalQueueOptions {
  readonly name: string;
  readonly store: QueueStore;
  readonly stored: StoredQueue;
  readonly clock: Clock;
  readonly logger: QueueLogger;
}

/** A queue whose messages are in LMDB, and whose order and leases are in memory besides. */
export class LocalQueue implements Queue {
  readonly name: string;
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #ledger: QueueLedger;
  readonly #publishing: Publishing;
  readonly #delivering: Delivering;
  readonly #deadLetters: DeadLetters;
  #stored: StoredQueue;
  #isClosed = false;

  constructor({ name, store, stored, clock, logger }: LocalQueueOptions) {
    this.name = name;
    this.#store = store;
    this.#stored = stored;
    this.#clock = clock;
    this.#ledger = new QueueLedger(stored.settings.maxDeliveries);
    const parts: QueueParts = {
      name,
      store,
      ledger: this.#ledger,
      clock,
      logger,
      stored: () => this.#stored,
      ready: () => this.#ready(),
    };
    this.#delivering = new Delivering(parts);
    this.#publishing = new Publishing(parts, () => this.#delivering.wake());
    this.#deadLetters = new DeadLetters(parts);
    const moment = momentOf(clock);
    for (const { sequence, record } of store.records()) this.#ledger.add(sequence, record, moment);
    this.#delivering.wake();
  }

  publish(body: Uint8Array, options: PublishOptions = {}): Promise<Published> {
    return this.#publishing.publish(body, options);
  }

  take(options: TakeOptions): Promise<readonly Delivery[]> {
    return this.#delivering.take(options);
  }

  ack(lease: string): Promise<void> {
    return this.#delivering.ack(lease);
  }

  nak(lease: string, options: { delayMs?: number; reason?: string } = {}): Promise<void> {
    return this.#delivering.nak(lease, options);
  }

  reject(lease: string, reason: string): Promise<void> {
    return this.#delivering.reject(lease, reason);
  }

  extend(lease: string, leaseMs: number): Promise<void> {
    return this.#delivering.extend(lease, leaseMs);
  }

  pause(): Promise<void> {
    return this.#describe({ paused: true });
  }

  resume(): Promise<void> {
    return this.#describe({ paused: false });
  }

  async stats(): Promise<QueueStats> {
    await this.#ready();
    const { counts, oldest, size } = this.#ledger;
    const { capacity } = this.#stored.settings;
    const now = this.#clock.now();
    return {
      name: this.name,
      ...counts,
      capacity,
      fill: size / capacity,
      oldestAgeMs: oldest === undefined ? 0 : Math.max(0, this.#clock.wallTime() - oldest),
      inRate: this.#publishing.rate.perSecond(now),
      outRate: this.#delivering.rate.perSecond(now),
      redelivered: this.#delivering.redelivered,
      paused: this.#stored.paused,
    };
  }

  deadLetters(options: { limit?: number; after?: number } = {}): Promise<DeadLetterPage> {
    return this.#deadLetters.list(options);
  }

  async retry(sequence: number): Promise<void> {
    await this.#deadLetters.retry(sequence, () => this.#publishing.assertRoom());
    this.#delivering.wake();
  }

  forget(sequence: number): Promise<void> {
    return this.#deadLetters.forget(sequence);
  }

  /** Takes other settings over, and gives the queue as it is stored then. */
  async settle(settings: StoredQueue['settings']): Promise<StoredQueue> {
    if (!isDeepStrictEqual(settings, this.#stored.settings)) {
      await this.#describe({ settings });
      this.#ledger.maxDeliveries = settings.maxDeliveries;
    }
    return this.#stored;
  }

  /** Sends away who waits, and counts no time any more. What is being written is not waited for. */
  close(): void {
    this.#isClosed = true;
    this.#delivering.close();
  }

  async #describe(change: Partial<StoredQueue>): Promise<void> {
    await this.#ready();
    const stored = { ...this.#stored, ...change };
    await this.#store.describe(stored);
    this.#stored = stored;
    this.#delivering.wake();
  }

  async #ready(): Promise<void> {
    this.#assertOpen();
    await this.#store.ready();
    this.#assertOpen();
  }

  #assertOpen(): void {
    if (!this.#isClosed) return;
    throw new StarlingError('shutting-down', `Queue ${this.name} was closed. Open it again.`);
  }
}
