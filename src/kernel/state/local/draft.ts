import { StarlingError } from '../../errors/index.js';
import type { PreparedOperation, PreparedTransaction } from '../prepare.js';
import type { Comparison } from '../state.js';
import type { Outcome } from '../write-key.js';
import type { StoredEntry } from './records.js';

/** The counters of a store: its last revision, and the oldest one whose changes are kept. */
export interface Head {
  readonly revision: number;
  readonly oldest: number;
}

/** What was committed, as decisions need to see it. */
export interface CommittedView {
  readonly head: Head;
  get(key: string): StoredEntry | undefined;
  /** True while the lease was granted, has not ended and has time left. */
  isLive(lease: string): boolean;
  /** Keys that are tied to the lease, in key order. */
  leaseKeys(lease: string): readonly string[];
}

/** A write that waits to be decided. */
export type Command =
  | { readonly type: 'transaction'; readonly transaction: PreparedTransaction }
  | { readonly type: 'grant'; readonly lease: string; readonly ttlMs: number }
  | { readonly type: 'end'; readonly lease: string }
  | { readonly type: 'compact'; readonly revision: number };

/** One change that a draft makes; `after` is undefined where the key is deleted. */
export interface DraftChange {
  readonly revision: number;
  readonly key: string;
  readonly after: StoredEntry | undefined;
}

/**
 * A group of commands decided one after another over what was committed, to be written at once. It does no I/O and
 * knows no clock: `apply` either decides a command wholly or throws and leaves the draft as it was.
 */
export class Draft {
  readonly changes: DraftChange[] = [];
  /** The last state of each key that the draft touches. */
  readonly entries = new Map<string, StoredEntry | undefined>();
  readonly granted = new Map<string, number>();
  readonly ended = new Set<string>();
  #view: CommittedView;
  #revision: number;
  #oldest: number;

  constructor(view: CommittedView) {
    this.#view = view;
    this.#revision = view.head.revision;
    this.#oldest = view.head.oldest;
  }

  get head(): Head {
    return { revision: this.#revision, oldest: this.#oldest };
  }

  /** True where there is nothing to write. */
  get isEmpty(): boolean {
    return (
      this.changes.length === 0 &&
      this.granted.size === 0 &&
      this.ended.size === 0 &&
      this.#oldest === this.#view.head.oldest
    );
  }

  /** Throws `lease-lapsed` where a key would be tied to a lease that has ended, and `input-invalid` for a revision to come. */
  apply(command: Command): Outcome {
    switch (command.type) {
      case 'transaction':
        return this.#transact(command.transaction);
      case 'grant':
        this.granted.set(command.lease, command.ttlMs);
        return { succeeded: true, revision: this.#revision };
      case 'end':
        return this.#end(command.lease);
      case 'compact':
        return this.#compact(command.revision);
    }
  }

  /** Forgets history so that at most `count` revisions are kept. */
  keepRevisions(count: number): void {
    this.#oldest = Math.max(this.#oldest, this.#revision - count + 1);
  }

  #transact(transaction: PreparedTransaction): Outcome {
    const failed = transaction.compare.find((comparison) => !this.#holds(comparison));
    const operations = failed === undefined ? transaction.success : transaction.failure;
    for (const operation of operations) this.#assertLease(operation);
    const effective = operations.filter(({ type, key }) => type === 'put' || this.#get(key) !== undefined);
    if (effective.length > 0) this.#revision += 1;
    for (const operation of effective) this.#write(operation);
    if (failed === undefined) return { succeeded: true, revision: this.#revision };
    const actualRevision = this.#get(failed.key)?.modRevision ?? 0;
    return { succeeded: false, revision: this.#revision, actualRevision };
  }

  #holds(comparison: Comparison): boolean {
    const modRevision = this.#get(comparison.key)?.modRevision ?? 0;
    return 'exists' in comparison
      ? modRevision > 0 === comparison.exists
      : modRevision === comparison.modRevision;
  }

  #assertLease(operation: PreparedOperation): void {
    if (operation.type === 'delete' || operation.lease === undefined) return;
    const { lease, key } = operation;
    if (!this.ended.has(lease) && (this.granted.has(lease) || this.#view.isLive(lease))) return;
    throw new StarlingError(
      'lease-lapsed',
      `The key ${JSON.stringify(key)} cannot be tied to lease ${lease}, which has ended. Take a new lease.`,
      { details: { lease, key } },
    );
  }

  #write(operation: PreparedOperation): void {
    if (operation.type === 'delete') {
      this.#set(operation.key, undefined);
      return;
    }
    const createRevision = this.#get(operation.key)?.createRevision ?? this.#revision;
    const { key, text, lease } = operation;
    this.#set(key, { createRevision, modRevision: this.#revision, lease, text });
  }

  #end(lease: string): Outcome {
    this.ended.add(lease);
    const keys = new Set(this.#view.leaseKeys(lease));
    for (const [key, entry] of this.entries) {
      if (entry?.lease === lease) keys.add(key);
      else keys.delete(key);
    }
    if (keys.size > 0) this.#revision += 1;
    for (const key of keys) this.#set(key, undefined);
    return { succeeded: true, revision: this.#revision };
  }

  #compact(revision: number): Outcome {
    if (revision > this.#revision) {
      throw new StarlingError(
        'input-invalid',
        `History cannot be forgotten before revision ${revision}: the current one is ${this.#revision}.`,
      );
    }
    this.#oldest = Math.max(this.#oldest, revision);
    return { succeeded: true, revision: this.#revision };
  }

  #get(key: string): StoredEntry | undefined {
    return this.entries.has(key) ? this.entries.get(key) : this.#view.get(key);
  }

  #set(key: string, after: StoredEntry | undefined): void {
    this.entries.set(key, after);
    this.changes.push({ revision: this.#revision, key, after });
  }
}
