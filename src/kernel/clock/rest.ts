import type { Clock } from './clock.js';

/** Resolves after `ms`, or as soon as `signal` is aborted; never rejects, and leaves neither timer nor listener behind. */
export function rest(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const end = () => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.timer(ms, end);
    signal?.addEventListener('abort', end);
  });
}
