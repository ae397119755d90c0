import { setTimeout as after } from 'node:timers/promises';

/** Resolves after so many milliseconds; throws the signal's reason when it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await after(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
