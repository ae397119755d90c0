import { execFile } from 'node:child_process';
import type { Clock, Timer } from '../clock/index.js';

/** How often the size is looked at: a run can grow by a few hundred megabytes meanwhile. */
const intervalMs = 250;

/**
 * Calls `onExceeded` once the resident size of a process is above `megabytes`. It stands in for `prlimit` where there is
 * none (macOS), is weaker than it, and `doctor` says so.
 */
export function watchResidentSize(
  pid: number | undefined,
  megabytes: number,
  clock: Clock,
  onExceeded: () => void,
): { close(): void } {
  let timer: Timer | undefined;
  let closed = pid === undefined;
  const look = () => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, output) => {
      // no such process: it has ended, and so does the watch
      if (closed || error !== null) return;
      if (Number(output.trim()) > megabytes * 1000) onExceeded();
      else timer = clock.timer(intervalMs, look);
    });
  };
  if (!closed) timer = clock.timer(intervalMs, look);
  return {
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}
