import type { ErrorRecord } from '../../../kernel/errors/index.js';
import type { TaskFilter } from '../task/index.js';

/** A task as the worker contract gives it. */
export interface Work {
  readonly id: string;
  readonly name: string;
  readonly filter: TaskFilter;
  readonly lease: string;
  /** Seconds that the worker may be silent. */
  readonly leaseSeconds: number;
  /** Which attempt this is, from 1 on. */
  readonly attempt: number;
  readonly original: { readonly bytes: number; readonly mediaType: string };
}

/**
 * What a worker may ask for and say; see docs/workers.md for the same over HTTP. Everything said under a lease that has
 * lapsed throws `lease-lapsed`.
 */
export interface WorkerContract {
  /** Waits up to `waitSeconds` for the first task. */
  take(max: number, waitSeconds: number, signal: AbortSignal): Promise<readonly Work[]>;
  original(work: Work, signal: AbortSignal): Promise<Uint8Array>;
  extend(work: Work): Promise<void>;
  complete(work: Work, result: { readonly bytes: Uint8Array; readonly mediaType: string }): Promise<void>;
  fail(work: Work, error: ErrorRecord, retryable: boolean): Promise<void>;
  giveBack(work: Work, cause: string): Promise<void>;
}
