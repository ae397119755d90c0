import type { TaskState } from '../task/index.js';

/** How far tasks are. */
export interface Progress {
  readonly counts: Readonly<Record<TaskState, number>>;
  readonly total: number;
  /** Tasks that came to their end. */
  readonly ended: number;
  /** Tasks per second that came to their end, over the last half minute. */
  readonly rate: number;
  /** Until all have, at that rate; absent where nothing moves. */
  readonly secondsLeft?: number;
}

/** Over how much time the rate is counted, in milliseconds. */
export const rateWindowMs = 30_000;

/** How far tasks are, from their counts and the times at which the latest ended (milliseconds, any clock). Pure. */
export function progressOf(
  counts: Readonly<Record<TaskState, number>>,
  endedAt: readonly number[],
  now: number,
): Progress {
  const ended = counts.done + counts.failed + counts.cancelled;
  const left = counts.uploading + counts.queued + counts.leased;
  const recent = endedAt.filter((at) => at > now - rateWindowMs);
  const since = recent[0];
  // over less than the window where it all began later
  const span = since === undefined ? 0 : Math.max(1000, now - since);
  const rate = span === 0 ? 0 : (recent.length * 1000) / span;
  const secondsLeft = left === 0 ? 0 : rate === 0 ? undefined : left / rate;
  return {
    counts,
    total: ended + left,
    ended,
    rate,
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
  };
}
