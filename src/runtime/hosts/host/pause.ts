import type { Clock } from '../../../kernel/clock/index.js';

/** Resolves after so many milliseconds, or at once with the signal. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.timer(ms, end);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
