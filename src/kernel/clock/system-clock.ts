import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from './clock.js';

// Node runs a longer delay at once, so that longer ones are walked in parts.
const longestDelay = 2 ** 31 - 1;

/** The clock of this process: `performance.now()`, `Date.now()` and Node's timers. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  timer: (ms, callback) => systemTimer(performance.now() + Math.max(0, ms), callback),
};

function systemTimer(deadline: number, callback: () => void): Timer {
  if (deadline === Number.POSITIVE_INFINITY) return { cancel: () => undefined };
  let handle: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = Math.ceil(deadline - performance.now());
    handle = setTimeout(run, Math.min(longestDelay, Math.max(0, left)));
  };
  // Node counts whole milliseconds from the loop's own start of turn and may be a fraction early: look again.
  const run = () => {
    if (performance.now() < deadline) wait();
    else callback();
  };
  wait();
  return { cancel: () => clearTimeout(handle) };
}
