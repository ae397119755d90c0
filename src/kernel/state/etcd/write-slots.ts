import type { Clock, Timer } from '../../clock/index.js';
import type { StateLogger } from '../local/lease-ends.js';
import { grantLease } from './grant-lease.js';
import { leaseNumber } from './lease-ids.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';
import type { Mark } from './write-request.js';

/** How many writes of one process are under way at most; further ones wait. */
const mostSlots = 128;
/** How long the marks of a process are kept without a word from it, in milliseconds. */
const sessionMs = 600_000;

/** A mark's place, through which one write goes at a time. */
export interface Slot {
  /** The lease that the process's marks vanish with. */
  readonly session: string;
  readonly key: Buffer;
  /** etcd's revision of the mark; 0: there is none yet. */
  before: number;
  /** A write may still come that nobody waits for: the slot is not used again. */
  isSpoilt: boolean;
  writes: number;
}

/** The mark of the next write through a slot. */
export function nextMark(slot: Slot): Mark {
  slot.writes += 1;
  const { key, before, writes, session } = slot;
  return { key, before, value: Buffer.from(String(writes)), lease: leaseNumber(session) };
}

/** Gives the writes of one process their slots. Its session begins with the first write, and is kept alive until the close. */
export class WriteSlots {
  readonly #store: EtcdStore;
  readonly #clock: Clock;
  readonly #logger: StateLogger;
  #session: Promise<string> | undefined;
  #free: Slot[] = [];
  #made = 0;
  #inUse = 0;
  readonly #waiting: (() => void)[] = [];
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(store: EtcdStore, clock: Clock, logger: StateLogger) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Waits for a slot; the caller releases it. */
  async take(): Promise<Slot> {
    if (this.#inUse < mostSlots) this.#inUse += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      this.#session ??= this.#begin();
      const session = await this.#session;
      return this.#free.pop() ?? this.#make(session);
    } catch (thrown) {
      this.#session = undefined;
      this.#leave();
      throw thrown;
    }
  }

  release(slot: Slot): void {
    if (!slot.isSpoilt) this.#free.push(slot);
    this.#leave();
  }

  /** Whether a session's lease is there still; where it is not, the next write begins another session. */
  async isLive(session: string): Promise<boolean> {
    const { connection } = this.#store;
    const { ttl } = await connection.call(api.keepAlive, { id: leaseNumber(session) }, { isStream: true });
    if (Number(ttl) > 0) return true;
    await this.end(session);
    return false;
  }

  /** A session has ended: the next write begins another. */
  async end(session: string): Promise<void> {
    if ((await this.#session) !== session) return;
    this.#session = undefined;
    this.#free = [];
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #begin(): Promise<string> {
    const { id } = await grantLease(this.#store, 'session', sessionMs);
    this.#keepLater(id);
    return id;
  }

  #keepLater(session: string): void {
    this.#timer?.cancel();
    if (this.#isClosed) return;
    this.#timer = this.#clock.timer(sessionMs / 3, () => {
      this.isLive(session).then(
        (isLive) => {
          if (isLive) this.#keepLater(session);
        },
        (err: unknown) => {
          this.#logger.error(
            { err },
            'the lease of the marks of writes could not be kept alive, trying again',
          );
          this.#keepLater(session);
        },
      );
    });
  }

  #make(session: string): Slot {
    this.#made += 1;
    const key = this.#store.keys.marker(session, this.#made);
    return { session, key, before: 0, isSpoilt: false, writes: 0 };
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inUse -= 1;
    else next();
  }
}
