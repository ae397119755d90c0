import { randomBytes } from 'node:crypto';
import type { Timer } from '../../clock/index.js';
import { assertDelay, assertLease, assertTakeable } from '../limits.js';
import type { Delivery, TakeOptions } from '../queue.js';
import type { Message } from './ledger.js';
import { momentOf, type QueueParts } from './queue-parts.js';
import { Rate } from './rates.js';
import type { MessageRecord } from './record.js';
import { WaitingTakers } from './waiting-takers.js';

/**
 * The way out of a queue: deliveries under leases, and their ends. A delivery does not wait for its record: where that is
 * lost in a crash, the message is delivered again, with one attempt less to its name.
 */
export class Delivering {
  /** Messages that were acknowledged. */
  readonly rate = new Rate();
  readonly #parts: QueueParts;
  readonly #takers: WaitingTakers;
  #redelivered = 0;
  #timer: { readonly at: number; readonly timer: Timer } | undefined;
  #isClosed = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#takers = new WaitingTakers(parts.clock);
  }

  /** Deliveries that were not the first. */
  get redelivered(): number {
    return this.#redelivered;
  }

  /** As the port has it, like all that follow. */
  async take(options: TakeOptions): Promise<readonly Delivery[]> {
    assertTakeable(options);
    const { ready } = this.#parts;
    await ready();
    const now = this.#take(options);
    const { waitMs = 0, signal } = options;
    if (now.length > 0 || waitMs === 0 || signal?.aborted === true)
      return now.map((one) => this.#delivery(one));
    const waited = await this.#takers.wait(options);
    if (waited.length > 0) await ready();
    return waited.map((one) => this.#delivery(one));
  }

  async ack(lease: string): Promise<void> {
    const { store, ledger, clock, ready } = this.#parts;
    await ready();
    await this.#end(ledger.leased(lease), async ({ sequence }) => {
      await store.remove(sequence);
      ledger.remove(sequence);
      this.rate.add(clock.now());
    });
  }

  async nak(lease: string, { delayMs = 0, reason = 'it was given back.' }): Promise<void> {
    assertDelay(delayMs);
    const { ledger, clock, ready } = this.#parts;
    await ready();
    const message = ledger.leased(lease);
    await this.#replace(message, ledger.givenBack(message, { delayMs, reason }, clock.wallTime()));
  }

  async reject(lease: string, reason: string): Promise<void> {
    const { ledger, clock, ready } = this.#parts;
    await ready();
    const message = ledger.leased(lease);
    const { lease: _, ...kept } = message.record;
    await this.#replace(message, { ...kept, dead: { at: clock.wallTime(), reason } });
  }

  async extend(lease: string, leaseMs: number): Promise<void> {
    assertLease(leaseMs);
    const { ledger, clock, ready } = this.#parts;
    await ready();
    ledger.extend(ledger.leased(lease), leaseMs, clock.now());
    this.wake();
  }

  /** Serves those who wait, and sees to it that time is counted: to be called after whatever changes the ledger. */
  wake(): void {
    if (this.#isClosed) return;
    this.#takers.serve((options) => this.#take(options));
    this.#count();
  }

  /** Sends away who waits, and counts no time any more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.timer.cancel();
    this.#takers.close();
  }

  #take({ max, leaseMs }: TakeOptions): Message[] {
    const { ledger, clock, stored } = this.#parts;
    if (stored().paused || this.#isClosed) return [];
    const taken = ledger.take(max, leaseMs, clock.now(), () => randomBytes(12).toString('base64url'));
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
      body: this.#parts.store.body(sequence),
      priority,
      attempt: attempts,
      publishedAt,
      lease: lease?.token ?? '',
    };
  }

  /** Ends a lease by what `write` does; where that fails, the lease goes on. */
  async #end(message: Message, write: (message: Message) => Promise<void>): Promise<void> {
    const { ledger, clock } = this.#parts;
    ledger.beginEnd(message);
    try {
      await write(message);
    } catch (error) {
      ledger.cancelEnd(message, clock.now());
      throw error;
    } finally {
      this.wake();
    }
  }

  #replace(message: Message, record: MessageRecord): Promise<void> {
    const { store, ledger, clock } = this.#parts;
    return this.#end(message, async ({ sequence }) => {
      await store.put(sequence, record);
      ledger.replace(sequence, record, momentOf(clock));
    });
  }

  /** Writes what nobody waits for. */
  #keep(sequence: number, record: MessageRecord): void {
    const { name, store, logger } = this.#parts;
    store.put(sequence, record).catch((error: unknown) => {
      logger.error({ queue: name, sequence, err: error }, 'a delivery could not be recorded');
    });
  }

  #count(): void {
    const { ledger, clock } = this.#parts;
    const at = ledger.nextDeadline;
    if (this.#timer?.at === at || this.#isClosed) return;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const timer = clock.timer(Math.max(0, at - clock.now()), () => this.#pass());
    this.#timer = { at, timer };
  }

  #pass(): void {
    const { ledger, clock } = this.#parts;
    this.#timer = undefined;
    for (const { sequence, record } of ledger.pass(momentOf(clock))) this.#keep(sequence, record);
    this.wake();
  }
}
