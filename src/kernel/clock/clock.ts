/**
 * The one source of time. Whatever decides by time takes a `Clock` as an argument, so that a test can hold it.
 * Durations are counted on `now()`, which never jumps; `wallTime()` is only for what people or other machines read.
 */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary start; the fraction is kept. Never goes back, not comparable between processes. */
  now(): number;
  /** Milliseconds since 1970-01-01T00:00Z. May jump when the machine's clock is set. */
  wallTime(): number;
  /**
   * Calls `callback` once when `now()` has reached `now() + ms`; never during this call, and never early.
   * Timers that are due together run in the order of their deadlines, then in the order they were set.
   * `Infinity` never runs. Whoever sets a timer cancels it when it closes: a timer keeps the process alive.
   */
  timer(ms: number, callback: () => void): Timer;
}

/** A callback that waits for its time. */
export interface Timer {
  /** The callback will not run any more; without effect when it ran already. */
  cancel(): void;
}
