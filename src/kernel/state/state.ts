/**
 * The `state` port: an ordered, durable key-value store that the control plane keeps its facts in.
 *
 * Promises that every adapter keeps (`conformance.ts` tests them):
 * - Strictly serialisable: a read sees every write that was acknowledged before it began.
 * - A write is acknowledged after it was synced to disk; nothing acknowledged is lost by `kill -9`.
 * - Every write transaction gets the next revision of one counter for the whole store, starting at 1. Where an engine has
 *   other users, some are left out.
 * - Writes that are asked for without waiting for one another may be done in any order.
 * - Values are plain JSON of at most 1 MiB; keys are non-empty strings of at most 1,024 UTF-8 bytes, ordered by
 *   their bytes. Anything else is refused with `input-invalid` or `input-too-large`, and nothing is written.
 */

/** Plain JSON data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One key with its value and the revisions that made it. */
export interface Entry {
  readonly key: string;
  readonly value: Json;
  /** Revision of the write that created the key (again, after a delete). */
  readonly createRevision: number;
  /** Revision of the last write of the key. */
  readonly modRevision: number;
  /** The lease that the key vanishes with, where it has one. */
  readonly lease?: string;
}

/** One page of `list`, at one revision. */
export interface Page {
  readonly entries: readonly Entry[];
  /** The revision of the store that the page was read at. */
  readonly revision: number;
  /** Where keys are left: pass it as `after` to read on. A page of large values may end before its limit. */
  readonly next?: string;
}

/** A condition on one key; `modRevision` 0 means that the key must not exist. */
export type Comparison =
  | { readonly key: string; readonly modRevision: number }
  | { readonly key: string; readonly exists: boolean };

/** One effect of a transaction; a key may be named once in each branch. */
export type Operation =
  | { readonly put: string; readonly value: Json; readonly lease?: string }
  | { readonly delete: string };

/**
 * compare / success / failure, as etcd has it; no callbacks, so it can be sent to another machine.
 * Limits: 128 comparisons, 128 operations and 1 MiB of values in each branch (`stateLimits`).
 */
export interface Transaction {
  /** All must hold for `success`; with none, `success` runs. */
  readonly compare: readonly Comparison[];
  readonly success: readonly Operation[];
  /** Runs where a comparison does not hold; nothing where it is left out. */
  readonly failure?: readonly Operation[];
}

export interface TransactionResult {
  /** Whether the comparisons held. */
  readonly succeeded: boolean;
  /** The revision that the effects got; the current one where there were none. */
  readonly revision: number;
}

/** One change of one key. Changes of one transaction share a revision and arrive in one batch. */
export type Change =
  | { readonly type: 'put'; readonly entry: Entry }
  | { readonly type: 'delete'; readonly key: string; readonly modRevision: number };

/** All changes under the watched prefix that one revision made, in key order. */
export interface ChangeBatch {
  readonly revision: number;
  readonly changes: readonly Change[];
}

export interface PutOptions {
  /** Write only where the key's `modRevision` is this; 0: only where the key does not exist. Else `revision-conflict`. */
  readonly ifRevision?: number;
  /** Ties the key to a lease: when the lease ends, so does the key. `lease-lapsed` where there is no such lease. */
  readonly lease?: string;
}

export interface WatchOptions {
  /**
   * The first revision to deliver; without it, the one after the current revision, or after the newest that this
   * process knows of, so that what others wrote shortly before may come too.
   * A revision older than the history that is kept makes the iteration throw `history-compacted`, with
   * `details.compactedRevision`: list again, and watch from the page's revision + 1.
   */
  readonly fromRevision?: number;
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal;
}

/**
 * A claim that lapses by itself. Its time counts on a monotonic clock, and it gets its full time back when the
 * store is opened again after a stop or crash.
 */
export interface Lease {
  readonly id: string;
  readonly ttlMs: number;
  /** Gives the lease its full time back. Throws `lease-lapsed` where it has ended. */
  keepAlive(): Promise<void>;
  /** Ends the lease now; its keys are deleted in one revision. Throws `lease-lapsed` where it has ended. */
  revoke(): Promise<void>;
}

export interface StateStatus {
  readonly adapter: string;
  readonly revision: number;
  /** The oldest revision from which a watch can start. */
  readonly oldestRevision: number;
  readonly keys: number;
  readonly leases: number;
  /** Where the store is kept by an engine of its own. */
  readonly engine?: EngineStatus;
}

/** The engine that keeps a store, as far as it answers. */
export interface EngineStatus {
  readonly name: string;
  readonly version: string;
  /** The engine's own id of the cluster. */
  readonly cluster: string;
  /** Which store it is: written when it was made. */
  readonly identity: string;
  /** What the engine's keys of the store begin with. */
  readonly prefix: string;
  /** Size of the largest member's database. */
  readonly databaseBytes: number;
  /** What its operator must look at, in the engine's words. */
  readonly alarms: readonly string[];
  /** Of each address that was given. */
  readonly members: readonly EngineMember[];
}

export interface EngineMember {
  readonly address: string;
  readonly isReachable: boolean;
  readonly name?: string;
  readonly isLeader?: boolean;
  /** How many entries of the cluster's log it has yet to apply. */
  readonly behind?: number;
}

export interface State {
  get(key: string): Promise<Entry | undefined>;
  /** Keys that start with `prefix`, in order; `after` skips keys up to and including it. Limit 1 to 10,000, default 1,000. */
  list(prefix: string, options?: { readonly limit?: number; readonly after?: string }): Promise<Page>;
  /** Returns the revision of the write. */
  put(key: string, value: Json, options?: PutOptions): Promise<number>;
  /** Returns the revision of the delete, or the current one where there was no such key. */
  delete(key: string, options?: { readonly ifRevision?: number }): Promise<number>;
  transaction(transaction: Transaction): Promise<TransactionResult>;
  /**
   * Batches of changes under `prefix`, ordered and without gaps. The watch is established when this returns, so
   * that nothing written after the call is missed even before the first `next()`. A slow reader never holds up
   * writers: what it has not read yet is read from the stored history.
   */
  watch(prefix: string, options?: WatchOptions): AsyncIterable<ChangeBatch>;
  /** `ttlMs`: whole milliseconds, from 1 to a year; an engine may round them up (etcd counts seconds). */
  lease(ttlMs: number): Promise<Lease>;
  /** A handle on a lease that was made earlier, by its id; `lease-lapsed` where it has ended. */
  resumeLease(id: string): Promise<Lease>;
  /** Forgets history before `revision` (at most the current one); watches from before it are told so. */
  compact(revision: number): Promise<void>;
  status(): Promise<StateStatus>;
  /** Finishes the writes that were asked for, then releases everything; watches end. Calls after it throw `shutting-down`. */
  close(): Promise<void>;
}
