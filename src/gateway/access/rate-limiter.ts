import type { Clock } from '../../kernel/clock/index.js';

/** Keys that are kept at most; the one that was used longest ago is forgotten first, and begins anew. */
const keysKept = 10_000;

const minuteMs = 60_000;

/**
 * Lets so much through per minute and key, all of it at once or spread: the generic cell rate algorithm (ITU-T I.371), which
 * keeps one number per key and needs no timer.
 */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  /** By key, when its whole allowance is there again, on the clock's own count; the key used last stands last. */
  readonly #recoveredAt = new Map<string, number>();

  /** `perMinute` is above 0; `Infinity` lets everything through. */
  constructor(perMinute: number, clock: Clock) {
    this.#intervalMs = minuteMs / perMinute;
    this.#clock = clock;
  }

  /** Takes one from the allowance of `key`; where it is used up, the milliseconds until there is one again, else 0. */
  take(key: string): number {
    if (this.#intervalMs === 0) return 0;
    const now = this.#clock.now();
    const next = Math.max(now, this.#recoveredAt.get(key) ?? now) + this.#intervalMs;
    const waitMs = next - now - minuteMs;
    // what is a rounding error over is not over
    if (waitMs > 1e-6) return waitMs;
    this.#recoveredAt.delete(key);
    this.#recoveredAt.set(key, next);
    const [oldest] = this.#recoveredAt.keys();
    if (this.#recoveredAt.size > keysKept && oldest !== undefined) this.#recoveredAt.delete(oldest);
    return 0;
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#recoveredAt.size;
  }
}
