import type { Clock, Timer } from '../../clock/index.js';
import { firstLeaseMs } from './layout.js';

/** How long a lease may go untold, in milliseconds: most messages are done by then, and their servers need no word of it. */
export const untoldMs = 250;

/** Tells the servers how long somebody has a message. */
export type TellLease = (token: string, leaseMs: number) => void;

/**
 * The leases that this process gave out, and has not told the servers of yet. A delivery has a first lease by itself; one that is to be
 * longer is told of a little later, all of that moment together, unless the message is done by then. A shorter one is told at once.
 */
export class UntoldLeases {
  readonly #clock: Clock;
  readonly #tell: TellLease;
  /** By token, the oldest first: until when the lease is to last. */
  readonly #untold = new Map<string, { readonly since: number; readonly until: number }>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(clock: Clock, tell: TellLease) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(token: string, leaseMs: number): void {
    if (leaseMs === firstLeaseMs) return;
    if (leaseMs < firstLeaseMs || this.#isClosed) {
      this.#tell(token, leaseMs);
      return;
    }
    const since = this.#clock.now();
    this.#untold.set(token, { since, until: since + leaseMs });
    this.#timer ??= this.#clock.timer(untoldMs, () => this.#tellOld());
  }

  /** The lease is over, or another was asked for. */
  forget(token: string): void {
    this.#untold.delete(token);
  }

  /** Tells of all, and of those that come still at once. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#tellSince(Infinity);
  }

  #tellOld(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    const oldest = this.#tellSince(now - untoldMs);
    if (oldest !== undefined) this.#timer = this.#clock.timer(oldest + untoldMs - now, () => this.#tellOld());
  }

  /** Tells of those that began by then; gives when the oldest of the others began. */
  #tellSince(moment: number): number | undefined {
    for (const [token, { since, until }] of this.#untold) {
      if (since > moment) return since;
      this.#untold.delete(token);
      this.#tell(token, Math.ceil(until - this.#clock.now()));
    }
    return undefined;
  }
}
