import type { ChangeBatch } from '../../../src/kernel/state/index.js';
import type { SeenEntry, StoreAsked, StoreCall } from './store-model.js';

/** A write that was answered by an error which says that nothing was done. */
export interface RefusedCall {
  readonly client: string;
  readonly asked: StoreAsked;
  readonly code: string;
}

/** A client that had a lock, as it may believe: until its lease could have lapsed, counted from what it sent. */
export interface Claim {
  readonly client: string;
  readonly lock: string;
  /** What it wrote under the lock. */
  readonly value: string;
  readonly from: number;
  to: number;
}

/** Who had a lock, as somebody read it; no value where nobody had. */
export interface LockReading {
  readonly lock: string;
  readonly value: string | undefined;
  readonly calledAt: number;
  readonly at: number;
}

/** All batches that one client was told of, one after the other, from the first revision on. */
export interface Watched {
  readonly client: string;
  readonly batches: readonly ChangeBatch[];
}

/** All that was recorded of a run. Times are milliseconds of the machine's monotonic clock. */
export interface StateHistory {
  readonly calls: readonly StoreCall[];
  readonly refused: readonly RefusedCall[];
  readonly claims: readonly Claim[];
  readonly lockReadings: readonly LockReading[];
  readonly watched: readonly Watched[];
  /** All keys at the end, and the revision that they were read at. */
  readonly final: { readonly entries: readonly SeenEntry[]; readonly revision: number };
  /** What happened that nobody did. */
  readonly surprises: readonly string[];
}
