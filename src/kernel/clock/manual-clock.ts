import type { Clock, Timer } from './clock.js';

interface Waiting {
  readonly deadline: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test advances it. Monotonic time starts at 0. */
export class ManualClock implements Clock {
  #now = 0;
  #wallOffset: number;
  #waiting: Waiting[] = [];

  /** `wallTime`: the wall time at the start, milliseconds since 1970; 2024-01-01T00:00Z if not given. */
  constructor(wallTime: number = Date.UTC(2024, 0, 1)) {
    this.#wallOffset = wallTime;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#wallOffset + this.#now;
  }

  timer(ms: number, callback: () => void): Timer {
    const waiting: Waiting = { deadline: this.#now + Math.max(0, ms), callback };
    const after = this.#waiting.findIndex((other) => other.deadline > waiting.deadline);
    this.#waiting.splice(after === -1 ? this.#waiting.length : after, 0, waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      },
    };
  }

  /**
   * Moves time on by `ms` and runs every timer that comes due, in the order of deadlines, each at its own deadline;
   * also those that a callback sets on the way. Throws what a callback throws, with the time of its deadline.
   */
  advance(ms: number): void {
    if (!(ms >= 0) || !Number.isFinite(ms)) throw new RangeError(`Time moves forward only, not by ${ms} ms.`);
    const end = this.#now + ms;
    let next = this.#waiting[0];
    while (next !== undefined && next.deadline <= end) {
      this.#waiting.shift();
      this.#now = next.deadline;
      next.callback();
      next = this.#waiting[0];
    }
    this.#now = end;
  }

  /** Sets the wall time, as an operator or NTP may do; monotonic time and timers do not notice. */
  setWallTime(wallTime: number): void {
    this.#wallOffset = wallTime - this.#now;
  }

  /** How many timers wait: a test shows with it that a closed owner left none. */
  get pendingTimers(): number {
    return this.#waiting.length;
  }

  /** Milliseconds until the next timer is due; `undefined` where none waits. */
  get nextTimerIn(): number | undefined {
    const next = this.#waiting[0];
    return next === undefined ? undefined : next.deadline - this.#now;
  }
}
