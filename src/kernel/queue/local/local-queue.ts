import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Timer } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import {
  assertDelay,
  assertLease,
  assertPublishable,
  assertTakeable,
  assertWhole,
  queueLimits,
} from '../limits.js';
import type {
  DeadLetter,
  DeadLetterPage,
  Delivery,
  Published,
  PublishOptions,
  Queue,
  QueueStats,
  TakeOptions,
} from '../queue.js';
import { type Message, type Moment, QueueLedger } from './ledger.js';
import type { QueueStore } from './queue-store.js';
import { Rate } from './rates.js';
import type { MessageRecord } from './record.js';
import type { StoredQueue } from './tables.js';
import { WaitingTakers } from './waiting-takers.js';

/** Where failures go that no caller waits for. */
export interface QueueLogger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What a queue of the local adapter is made of. */
export interface LocalQueueParts {
  readonly name: string;
  readonly store: QueueStore;
  readonly stored: StoredQueue;
  readonly clock: Clock;
  readonly logger: QueueLogger;
}

/**
 * A queue whose messages are in LMDB, and whose order and leases are in memory besides. A delivery does not wait for its
 * record: where that is lost in a crash, the message is delivered again, with one attempt less to its name.
 */
export class LocalQueue implements Queue {
  readonly name: string;
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #logger: QueueLogger;
  readonly #ledger: QueueLedger;
  readonly #takers: WaitingTakers;
  readonly #publishing = new Map<string, Promise<number>>();
  readonly #rates = { in: new Rate(), out: new Rate() };
  #stored: StoredQueue;
  #sequence: number;
  /** Messages that are on their way to disk, and so take up room already. */
  #coming = 0;
  #redelivered = 0;
  #timer: { readonly at: number; readonly timer: Timer } | undefined;
  #closed = false;

  constructor({ name, store, stored, clock, logger }: LocalQueueParts) {
    this.name = name;
    this.#store = store;
    this.#stored = stored;
    this.#clock = clock;
    this.#logger = logger;
    this.#ledger = new QueueLedger(stored.settings.maxDeliveries);
    this.#takers = new WaitingTakers(clock);
    this.#sequence = store.lastSequence();
    const moment = this.#moment();
    for (const { sequence, record } of store.records()) this.#ledger.add(sequence, record, moment);
    this.#wake();
  }

  async publish(body: Uint8Array, options: PublishOptions = {}): Promise<Published> {
    assertPublishable(body, options);
    await this.#ready();
    const { id } = options;
    if (id !== undefined) {
      const known = this.#publishing.get(id) ?? this.#known(id);
      if (known !== undefined) return { sequence: await known, duplicate: true };
    }
    const written = this.#write(body, options);
    if (id !== undefined) this.#publishing.set(id, written);
    try {
      return { sequence: await written, duplicate: false };
    } finally {
      if (id !== undefined) this.#publishing.delete(id);
    }
  }

  async take(options: TakeOptions): Promise<readonly Delivery[]> {
    assertTakeable(options);
    await this.#ready();
    const now = this.#take(options);
    const { waitMs = 0, signal } = options;
    if (now.length > 0 || waitMs === 0 || signal?.aborted === true)
      return now.map((one) => this.#delivery(one));
    const waited = await this.#takers.wait(options);
    if (waited.length > 0) await this.#ready();
    return waited.map((one) => this.#delivery(one));
  }

  async ack(lease: string): Promise<void> {
    await this.#ready();
    await this.#end(this.#ledger.leased(lease), async ({ sequence }) => {
      await this.#store.remove(sequence);
      this.#ledger.remove(sequence);
      this.#rates.out.add(this.#clock.now());
    });
  }

  async nak(lease: string, options: { delayMs?: number; reason?: string } = {}): Promise<void> {
    const { delayMs = 0, reason = 'it was given back.' } = options;
    assertDelay(delayMs);
    await this.#ready();
    const message = this.#ledger.leased(lease);
    await this.#replace(
      message,
      this.#ledger.givenBack(message, { delayMs, reason }, this.#clock.wallTime()),
    );
  }

  async reject(lease: string, reason: string): Promise<void> {
    await this.#ready();
    const message = this.#ledger.leased(lease);
    const { lease: _, ...kept } = message.record;
    await this.#replace(message, { ...kept, dead: { at: this.#clock.wallTime(), reason } });
  }

  async extend(lease: string, leaseMs: number): Promise<void> {
    assertLease(leaseMs);
    await this.#ready();
    this.#ledger.extend(this.#ledger.leased(lease), leaseMs, this.#clock.now());
    this.#wake();
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
      inRate: this.#rates.in.perSecond(now),
      outRate: this.#rates.out.perSecond(now),
      redelivered: this.#redelivered,
      paused: this.#stored.paused,
    };
  }

  async deadLetters(options: { limit?: number; after?: number } = {}): Promise<DeadLetterPage> {
    const { limit = 100, after = 0 } = options;
    assertWhole(limit, 1, queueLimits.takeMessages, 'number of dead letters to list');
    await this.#ready();
    const found = this.#ledger.deadAfter(after, limit + 1);
    const page = found.slice(0, limit);
    const next = found.length > limit ? page.at(-1) : undefined;
    return {
      deadLetters: page.map((sequence) => this.#deadLetter(sequence)),
      ...(next === undefined ? {} : { next }),
    };
  }

  async retry(sequence: number): Promise<void> {
    await this.#ready();
    const { dead: _, ...kept } = this.#ledger.deadLetter(sequence);
    this.#assertRoom();
    const record = { ...kept, attempts: 0, publishedAt: this.#clock.wallTime() };
    await this.#store.put(sequence, record);
    this.#ledger.removeDead(sequence);
    this.#ledger.add(sequence, record, this.#moment());
    this.#wake();
  }

  async forget(sequence: number): Promise<void> {
    await this.#ready();
    this.#ledger.deadLetter(sequence);
    await this.#store.remove(sequence);
    this.#ledger.removeDead(sequence);
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
    this.#closed = true;
    this.#timer?.timer.cancel();
    this.#takers.close();
  }

  #known(id: string): Promise<number> | undefined {
    const known = this.#store.idOf(id);
    return known !== undefined && known.until > this.#clock.wallTime()
      ? Promise.resolve(known.sequence)
      : undefined;
  }

  async #write(body: Uint8Array, { id, priority = 0, delayMs = 0 }: PublishOptions): Promise<number> {
    this.#assertRoom();
    const wallTime = this.#clock.wallTime();
    const record: MessageRecord = {
      priority,
      attempts: 0,
      publishedAt: wallTime,
      ...(id === undefined ? {} : { id }),
      ...(delayMs === 0 ? {} : { due: wallTime + delayMs }),
    };
    const sequence = ++this.#sequence;
    const idUntil = wallTime + this.#stored.settings.deduplicationMs;
    this.#coming++;
    try {
      await this.#store.add({ sequence, record, body, idUntil }, wallTime);
    } finally {
      this.#coming--;
    }
    const moment = this.#moment();
    this.#ledger.add(sequence, record, moment);
    this.#rates.in.add(moment.now);
    this.#wake();
    return sequence;
  }

  #take({ max, leaseMs }: TakeOptions): Message[] {
    if (this.#stored.paused || this.#closed) return [];
    const taken = this.#ledger.take(max, leaseMs, this.#clock.now(), () =>
      randomBytes(12).toString('base64url'),
    );
    for (const { sequence, record } of taken) {
      if (record.attempts > 1) this.#redelivered++;
      this.#keep(sequence, record);
    }
    if (taken.length > 0) this.#count();
    return taken;
  }

  #delivery({ sequence, record }: Message): Delivery {
    const { id, priority, attempts, publishedAt, lease } = record;
    return {
      sequence,
      ...(id === undefined ? {} : { id }),
      body: this.#store.body(sequence),
      priority,
      attempt: attempts,
      publishedAt,
      lease: lease?.token ?? '',
    };
  }

  #deadLetter(sequence: number): DeadLetter {
    const { id, attempts, publishedAt, dead } = this.#ledger.deadLetter(sequence);
    return {
      sequence,
      ...(id === undefined ? {} : { id }),
      body: this.#store.body(sequence),
      attempts,
      publishedAt,
      diedAt: dead?.at ?? publishedAt,
      reason: dead?.reason ?? '',
    };
  }

  /** Ends a lease by what `write` does; where that fails, the lease goes on. */
  async #end(message: Message, write: (message: Message) => Promise<void>): Promise<void> {
    this.#ledger.beginEnd(message);
    try {
      await write(message);
    } catch (error) {
      this.#ledger.cancelEnd(message, this.#clock.now());
      throw error;
    } finally {
      this.#wake();
    }
  }

  #replace(message: Message, record: MessageRecord): Promise<void> {
    return this.#end(message, async ({ sequence }) => {
      await this.#store.put(sequence, record);
      this.#ledger.replace(sequence, record, this.#moment());
    });
  }

  async #describe(change: Partial<StoredQueue>): Promise<void> {
    await this.#ready();
    const stored = { ...this.#stored, ...change };
    await this.#store.describe(stored);
    this.#stored = stored;
    this.#wake();
  }

  /** Writes what nobody waits for. */
  #keep(sequence: number, record: MessageRecord): void {
    this.#store.put(sequence, record).catch((error: unknown) => {
      this.#logger.error({ queue: this.name, sequence, err: error }, 'a delivery could not be recorded');
    });
  }

  /** Serves those who wait, and sees to it that time is counted. */
  #wake(): void {
    if (this.#closed) return;
    this.#takers.serve((options) => this.#take(options));
    this.#count();
  }

  #count(): void {
    const at = this.#ledger.nextDeadline;
    if (this.#timer?.at === at || this.#closed) return;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const timer = this.#clock.timer(Math.max(0, at - this.#clock.now()), () => this.#pass());
    this.#timer = { at, timer };
  }

  #pass(): void {
    this.#timer = undefined;
    for (const { sequence, record } of this.#ledger.pass(this.#moment())) this.#keep(sequence, record);
    this.#wake();
  }

  #assertRoom(): void {
    const { capacity } = this.#stored.settings;
    if (this.#ledger.size + this.#coming < capacity) return;
    throw new StarlingError(
      'queue-full',
      `Queue ${this.name} has ${capacity} messages, which is all it takes. Publish again when some are done, or give it a larger capacity.`,
      { details: { queue: this.name, capacity } },
    );
  }

  #moment(): Moment {
    return { now: this.#clock.now(), wallTime: this.#clock.wallTime() };
  }

  async #ready(): Promise<void> {
    this.#assertOpen();
    await this.#store.ready();
    this.#assertOpen();
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new StarlingError('shutting-down', `Queue ${this.name} was closed. Open it again.`);
  }
}
