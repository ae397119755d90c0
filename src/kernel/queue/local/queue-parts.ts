import type { Clock } from '../../clock/index.js';
import type { Moment, QueueLedger } from './ledger.js';
import type { QueueStore } from './queue-store.js';
import type { StoredQueue } from './tables.js';

/** Where failures go that no caller waits for. */
export interface QueueLogger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What the parts of one queue share. */
export interface QueueParts {
  readonly name: string;
  readonly store: QueueStore;
  readonly ledger: QueueLedger;
  readonly clock: Clock;
  readonly logger: QueueLogger;
  /** The queue as it is stored now. */
  readonly stored: () => StoredQueue;
  /** Resolves when the store can be read. Throws `shutting-down` where the queue was closed. */
  readonly ready: () => Promise<void>;
}

/** This moment on both clocks. */
export function momentOf(clock: Clock): Moment {
  return { now: clock.now(), wallTime: clock.wallTime() };
}
