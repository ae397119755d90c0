import type { Clock } from '../clock/index.js';

/** The difference between two clocks that is taken for none, in milliseconds. */
export const clockToleranceMs = 60_000;

/** For how long it is still told that the wall clock jumped, in milliseconds. */
const rememberedMs = 15 * 60_000;

/** The wall clock as it was read, with what makes it doubtful. */
export interface WallReading {
  /** Milliseconds since 1970. */
  readonly wallTime: number;
  /** By how much the clock jumped in the last quarter of an hour, where it did; negative: back. */
  readonly jumpedByMs?: number;
}

/**
 * Reads the wall clock, and notices where it jumped by more than a minute against the monotonic clock since it was read
 * last: set by an operator or NTP, or after the machine slept.
 */
export function watchClockJumps(clock: Clock, onJump: (byMs: number) => void): () => WallReading {
  let offset = clock.wallTime() - clock.now();
  let jump: { readonly byMs: number; readonly at: number } | undefined;
  return () => {
    const now = clock.now();
    const wallTime = clock.wallTime();
    const byMs = Math.round(wallTime - now - offset);
    // the base moves along, so that a clock that is corrected bit by bit does not jump
    offset = wallTime - now;
    if (Math.abs(byMs) > clockToleranceMs) {
      jump = { byMs, at: now };
      onJump(byMs);
    }
    const isRecent = jump !== undefined && now - jump.at < rememberedMs;
    return isRecent && jump !== undefined ? { wallTime, jumpedByMs: jump.byMs } : { wallTime };
  };
}
