import { WorkInHand } from '../../work-in-hand/index.js';
import { prefixRange } from '../keys.js';
import { stateLimits } from '../limits.js';
import { assertRevision, assertWithin, prepareTransaction } from '../prepare.js';
import type {
  ChangeBatch,
  Entry,
  Json,
  Lease,
  Page,
  PutOptions,
  State,
  StateStatus,
  Transaction,
  TransactionResult,
  WatchOptions,
} from '../state.js';
import { type Outcome, writeKey } from '../write-key.js';
import { encodeTransaction } from './encode-transaction.js';
import { readEngineStatus } from './engine-status.js';
import { EtcdFailure, toStarlingError } from './failure.js';
import type { History } from './history.js';
import type { Leases } from './leases.js';
import { countEntries, readEntry, readPage } from './read.js';
import type { EtcdStore } from './store.js';
import { EtcdWatch } from './watch.js';
import type { WriteSlots } from './write-slots.js';
import type { Writer } from './writer.js';

/** What an `EtcdState` is made of; it closes them. */
export interface EtcdStateParts {
  readonly store: EtcdStore;
  readonly slots: WriteSlots;
  readonly writer: Writer;
  readonly leases: Leases;
  readonly history: History;
}

/** The state port over a store in etcd. `openEtcdState` makes it. */
export class EtcdState implements State {
  /** Which store it is: written into etcd when it was made. */
  readonly identity: string;
  readonly #parts: EtcdStateParts;
  readonly #work: WorkInHand;
  readonly #ended = new AbortController();

  constructor(parts: EtcdStateParts) {
    this.#parts = parts;
    this.identity = parts.store.identity;
    const { keys, connection } = parts.store;
    this.#work = new WorkInHand(
      `The state in etcd at ${connection.addresses.join(', ')} under ${keys.prefix} was closed. Open it again.`,
    );
  }

  get(key: string): Promise<Entry | undefined> {
    return this.#use(({ store }) => readEntry(store, key));
  }

  list(prefix: string, options: { limit?: number; after?: string } = {}): Promise<Page> {
    return this.#use(({ store }) => readPage(store, prefix, options));
  }

  put(key: string, value: Json, { ifRevision, lease }: PutOptions = {}): Promise<number> {
    const operation = { put: key, value, ...(lease === undefined ? {} : { lease }) };
    return writeKey(operation, ifRevision, (transaction) => this.#transact(transaction));
  }

  delete(key: string, { ifRevision }: { ifRevision?: number } = {}): Promise<number> {
    return writeKey({ delete: key }, ifRevision, (transaction) => this.#transact(transaction));
  }

  async transaction(transaction: Transaction): Promise<TransactionResult> {
    const { succeeded, revision } = await this.#transact(transaction);
    return { succeeded, revision };
  }

  watch(prefix: string, options: WatchOptions = {}): AsyncIterable<ChangeBatch> {
    this.#work.assertOpen();
    prefixRange(prefix);
    const { store } = this.#parts;
    const { fromRevision = store.known + 1, signal } = options;
    assertRevision(fromRevision, 'The revision to watch from');
    const ends = signal === undefined ? this.#ended.signal : AbortSignal.any([signal, this.#ended.signal]);
    return new EtcdWatch({ store, prefix, fromRevision, signal: ends });
  }

  lease(ttlMs: number): Promise<Lease> {
    return this.#use(async ({ leases }) => {
      assertWithin(ttlMs, stateLimits.leaseMs, 'time of a lease in milliseconds');
      const granted = await leases.grant(ttlMs);
      return this.#handle(granted.id, granted.ttlMs);
    });
  }

  resumeLease(id: string): Promise<Lease> {
    return this.#use(async ({ leases }) => this.#handle(id, await leases.ttlMs(id)));
  }

  compact(revision: number): Promise<void> {
    return this.#use(({ history }) => {
      assertRevision(revision, 'The revision to forget history before');
      return history.compact(revision);
    });
  }

  status(): Promise<StateStatus> {
    return this.#use(async ({ store, leases, history }) => {
      const [{ keys, revision }, count, oldestRevision, engine] = await Promise.all([
        countEntries(store),
        leases.count(),
        history.oldest(),
        readEngineStatus(store),
      ]);
      return { adapter: 'etcd', revision, oldestRevision, keys, leases: count, engine };
    });
  }

  close(): Promise<void> {
    return this.#work.close(() => this.#close());
  }

  async #close(): Promise<void> {
    this.#ended.abort();
    await this.#work.settled();
    await this.#parts.history.settled();
    this.#parts.slots.close();
    this.#parts.store.connection.close();
  }

  #transact(transaction: Transaction): Promise<Outcome> {
    return this.#use(async ({ store, leases, writer }) => {
      const prepared = prepareTransaction(transaction);
      const used = [...prepared.success, ...prepared.failure].flatMap((operation) =>
        operation.type === 'put' && operation.lease !== undefined ? [operation.lease] : [],
      );
      if (used.length > 0) await Promise.all(used.map((lease) => leases.assertUsable(lease)));
      return writer.commit(encodeTransaction(store, prepared));
    });
  }

  #handle(id: string, ttlMs: number): Lease {
    return {
      id,
      ttlMs,
      keepAlive: () => this.#use(({ leases }) => leases.keepAlive(id)),
      revoke: () => this.#use(({ leases }) => leases.revoke(id)),
    };
  }

  /** Does what is asked for, which a close waits for, and tells its failures in the port's words. */
  async #use<Result>(work: (parts: EtcdStateParts) => Promise<Result>): Promise<Result> {
    try {
      return await this.#work.do(() => work(this.#parts));
    } catch (thrown) {
      if (!(thrown instanceof EtcdFailure)) throw thrown;
      const endpoints = this.#parts.store.connection.addresses;
      throw toStarlingError(thrown, { endpoints, mayBeDone: thrown.mayBeDone });
    }
  }
}
