import type { Clock } from '../../clock/index.js';

/**
 * The leases that this process gave out or extended, for as long as it is sure of them by its own clock: nobody else can have
 * got the message meanwhile, so that the servers need not be asked.
 */
export class HeldLeases {
  readonly #clock: Clock;
  readonly #sureUntil = new Map<string, number>();
  /** Leases that are being ended: each is ended once. */
  readonly #ending = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A lease of `leaseMs` began. Half of it is left for what is on its way. */
  add(token: string, leaseMs: number): void {
    const now = this.#clock.now();
    this.#sureUntil.delete(token);
    this.#sureUntil.set(token, now + leaseMs / 2);
    for (const [oldest, until] of this.#sureUntil) {
      if (until > now) return;
      this.#sureUntil.delete(oldest);
    }
  }

  isSure(token: string): boolean {
    return (this.#sureUntil.get(token) ?? 0) > this.#clock.now();
  }

  /** False where another call is ending the lease. */
  beginEnd(token: string): boolean {
    if (this.#ending.has(token)) return false;
    this.#ending.add(token);
    return true;
  }

  /** After it the servers are asked of the lease, whether it was ended or not. */
  finishEnd(token: string): void {
    this.#ending.delete(token);
    this.#sureUntil.delete(token);
  }
}
