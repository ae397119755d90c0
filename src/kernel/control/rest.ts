import type { Clock } from '../clock/index.js';

/** Resolves after `ms`, or as soon as `signal` is aborted. */
export function rest(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.timer(ms, end);
    signal.addEventListener('abort', end);
  });
}
