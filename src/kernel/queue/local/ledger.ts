import TinyQueue from 'tinyqueue';
import { StarlingError } from '../../errors/index.js';
import { queueLimits } from '../limits.js';
import type { MessageRecord } from './record.js';

/** A message that is not done, as the ledger has it. */
export interface Message {
  readonly sequence: number;
  readonly record: MessageRecord;
  /** `ending` while its end, or its way back, is written. */
  readonly state: 'ready' | 'delayed' | 'leased' | 'ending';
  /** When its delay or lease ends, on the monotonic clock; Infinity where neither is counted. */
  readonly until: number;
}

/** The moment on both clocks: delays and leases are counted on the one that never jumps. */
export interface Moment {
  readonly now: number;
  readonly wallTime: number;
}

interface Deadline {
  readonly sequence: number;
  readonly until: number;
}

/**
 * What is in one queue and who works on it: the decisions of the local adapter, without clock, randomness or I/O. What
 * changes a message gives the message as it is now, for the store to keep.
 */
export class QueueLedger {
  /** Deliveries after which a message is dead; may change while it is open. */
  maxDeliveries: number;
  readonly #messages = new Map<number, Message>();
  readonly #dead = new Map<number, MessageRecord>();
  readonly #ready: readonly TinyQueue<number>[];
  readonly #deadlines = new TinyQueue<Deadline>([], (one, other) => one.until - other.until);
  readonly #counts = { ready: 0, delayed: 0, leased: 0, ending: 0 };

  constructor(maxDeliveries: number) {
    this.maxDeliveries = maxDeliveries;
    this.#ready = Array.from({ length: queueLimits.priority + 1 }, () => new TinyQueue<number>());
  }

  /** Messages that are not done. */
  get size(): number {
    return this.#messages.size;
  }

  /** How many there are of each kind; what is `ending` is still leased to those who ask. */
  get counts(): {
    readonly ready: number;
    readonly delayed: number;
    readonly leased: number;
    readonly dead: number;
  } {
    const { ready, delayed, leased, ending } = this.#counts;
    return { ready, delayed, leased: leased + ending, dead: this.#dead.size };
  }

  /** When the oldest message that is not done was published, in milliseconds since 1970. */
  get oldest(): number | undefined {
    return this.#messages.values().next().value?.record.publishedAt;
  }

  /** When the next delay or lease ends, on the monotonic clock. */
  get nextDeadline(): number | undefined {
    for (;;) {
      const next = this.#deadlines.peek();
      if (next === undefined) return undefined;
      if (this.#messages.get(next.sequence)?.until === next.until) return next.until;
      this.#deadlines.pop();
    }
  }

  /** Takes in a message, also one that was stored: a lease gets its full time back. */
  add(sequence: number, record: MessageRecord, moment: Moment): void {
    if (record.dead !== undefined) {
      this.#dead.set(sequence, record);
      return;
    }
    if (record.lease !== undefined) {
      this.#place(sequence, record, 'leased', moment.now + record.lease.ms);
      return;
    }
    const wait = (record.due ?? 0) - moment.wallTime;
    if (wait > 0) this.#place(sequence, record, 'delayed', moment.now + wait);
    else this.#place(sequence, record, 'ready', Infinity);
  }

  /** Leases out what is ready: the highest priority first, and the oldest of it. */
  take(max: number, leaseMs: number, now: number, token: () => string): Message[] {
    const taken: Message[] = [];
    for (let priority = queueLimits.priority; priority >= 0 && taken.length < max; priority--) {
      const ready = this.#ready[priority];
      for (let sequence = ready?.pop(); sequence !== undefined; sequence = ready?.pop()) {
        taken.push(this.#lease(sequence, leaseMs, now, token()));
        if (taken.length === max) break;
      }
    }
    return taken;
  }

  /** The message under a lease. Throws `lease-lapsed`. */
  leased(lease: string): Message {
    const sequence = Number(lease.slice(0, lease.indexOf('.')));
    const message = this.#messages.get(sequence);
    if (message?.state === 'leased' && message.record.lease?.token === lease) return message;
    throw new StarlingError(
      'lease-lapsed',
      `The lease ${JSON.stringify(lease)} has lapsed, or its message is done: another worker may have it. Drop the work, and take anew.`,
      { details: { lease } },
    );
  }

  /** Counts the time of a lease from now on. */
  extend({ sequence, record }: Message, leaseMs: number, now: number): void {
    this.#place(sequence, record, 'leased', now + leaseMs);
  }

  /** Keeps a lease from lapsing while its end is written. */
  beginEnd({ sequence, record }: Message): void {
    this.#place(sequence, record, 'ending', Infinity);
  }

  /** The end could not be written: the lease goes on with its full time. */
  cancelEnd({ sequence, record }: Message, now: number): void {
    this.#place(sequence, record, 'leased', now + (record.lease?.ms ?? 0));
  }

  /** The message is done. */
  remove(sequence: number): void {
    const message = this.#messages.get(sequence);
    if (message === undefined) return;
    this.#counts[message.state]--;
    this.#messages.delete(sequence);
  }

  /** How the record of a message reads once it is given back: to wait, or dead where it was delivered often enough. */
  givenBack(
    { record }: Message,
    { delayMs, reason }: { delayMs: number; reason: string },
    wallTime: number,
  ): MessageRecord {
    const { lease: _, due: __, ...kept } = record;
    if (record.attempts >= this.maxDeliveries) {
      const times = record.attempts === 1 ? 'once' : `${record.attempts} times`;
      return {
        ...kept,
        dead: { at: wallTime, reason: `It was delivered ${times} and never done; the last time: ${reason}` },
      };
    }
    return delayMs === 0 ? kept : { ...kept, due: wallTime + delayMs };
  }

  /** Puts a record in the place of a message. */
  replace(sequence: number, record: MessageRecord, moment: Moment): void {
    if (record.dead !== undefined) this.remove(sequence);
    this.add(sequence, record, moment);
  }

  /** Ends delays and leases whose time is over, and gives those whose lease lapsed as they are now. */
  pass(moment: Moment): { readonly sequence: number; readonly record: MessageRecord }[] {
    const lapsed: { sequence: number; record: MessageRecord }[] = [];
    for (let next = this.nextDeadline; next !== undefined && next <= moment.now; next = this.nextDeadline) {
      const message = this.#messages.get(this.#deadlines.pop()?.sequence ?? 0);
      if (message === undefined) break;
      const { sequence, record, state } = message;
      if (state === 'delayed') {
        this.#place(sequence, record, 'ready', Infinity);
        continue;
      }
      const back = this.givenBack(message, { delayMs: 0, reason: 'its lease lapsed.' }, moment.wallTime);
      this.replace(sequence, back, moment);
      lapsed.push({ sequence, record: back });
    }
    return lapsed;
  }

  /** A dead letter. Throws `not-found`. */
  deadLetter(sequence: number): MessageRecord {
    const record = this.#dead.get(sequence);
    if (record !== undefined) return record;
    throw new StarlingError(
      'not-found',
      `The queue has no dead letter ${sequence}. List its dead letters to see which there are.`,
      { details: { sequence } },
    );
  }

  /** Sequences of dead letters after one, in order. */
  deadAfter(after: number, limit: number): number[] {
    return [...this.#dead.keys()]
      .filter((sequence) => sequence > after)
      .sort((one, other) => one - other)
      .slice(0, limit);
  }

  removeDead(sequence: number): void {
    this.#dead.delete(sequence);
  }

  #lease(sequence: number, leaseMs: number, now: number, token: string): Message {
    const message = this.#messages.get(sequence);
    if (message === undefined) throw new RangeError(`Message ${sequence} is ready and not there.`);
    const { due: _, ...kept } = message.record;
    const record = {
      ...kept,
      attempts: kept.attempts + 1,
      lease: { token: `${sequence}.${token}`, ms: leaseMs },
    };
    return this.#place(sequence, record, 'leased', now + leaseMs);
  }

  #place(sequence: number, record: MessageRecord, state: Message['state'], until: number): Message {
    const before = this.#messages.get(sequence);
    if (before !== undefined) this.#counts[before.state]--;
    const message = { sequence, record, state, until };
    this.#counts[state]++;
    this.#messages.set(sequence, message);
    if (state === 'ready') this.#ready[record.priority]?.push(sequence);
    if (until !== Infinity) this.#deadlines.push({ sequence, until });
    return message;
  }
}
