import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import type { FolderLock } from '../../lmdb/index.js';
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
import { Committer } from './committer.js';
import type { Command, Draft } from './draft.js';
import { LeaseEnds, type StateLogger } from './lease-ends.js';
import { LeaseTable } from './lease-table.js';
import { toEntry } from './records.js';
import type { LocalStore } from './store.js';
import { WatchHub } from './watch-hub.js';

/** What a `LocalState` is made of; it owns the lock and the store, and closes them. */
export interface LocalStateParts {
  readonly lock: FolderLock;
  readonly store: LocalStore;
  readonly clock: Clock;
  readonly logger: StateLogger;
  readonly historyRevisions: number;
}

/** The state port over one LMDB environment. `openLocalState` makes it. */
export class LocalState implements State {
  readonly #lock: FolderLock;
  readonly #store: LocalStore;
  readonly #leases: LeaseTable;
  readonly #ends: LeaseEnds;
  readonly #watches: WatchHub;
  readonly #committer: Committer;
  #revision: number;
  #closing: Promise<void> | undefined;

  constructor({ lock, store, clock, logger, historyRevisions }: LocalStateParts) {
    this.#lock = lock;
    this.#store = store;
    this.#revision = store.head().revision;
    this.#watches = new WatchHub(store);
    this.#leases = new LeaseTable({
      clock,
      stored: store.leases(),
      onLapse: (lease) => this.#ends.lapse(lease),
    });
    this.#committer = new Committer({
      store,
      historyRevisions,
      isLive: (lease) => this.#leases.isLive(lease),
      onCommitted: (draft) => this.#committed(draft),
    });
    const end = async (lease: string) => {
      await this.#committer.submit({ type: 'end', lease });
    };
    this.#ends = new LeaseEnds({ leases: this.#leases, clock, logger, end });
  }

  async get(key: string): Promise<Entry | undefined> {
    await this.#use();
    const stored = this.#store.get(key);
    return stored === undefined ? undefined : toEntry(key, stored);
  }

  async list(prefix: string, options: { limit?: number; after?: string } = {}): Promise<Page> {
    const { limit = stateLimits.pageEntries, after } = options;
    assertWithin(limit, stateLimits.pageEntriesMost, 'limit of a page');
    const range = prefixRange(prefix, after);
    await this.#use();
    const { revision } = this.#store.head();
    const found = this.#store.list(range, limit, stateLimits.pageBytes);
    const entries = found.map(({ key, stored }) => toEntry(key, stored));
    const next = entries.at(-1)?.key;
    const isWhole = next === undefined || this.#store.list(prefixRange(prefix, next), 1, 1).length === 0;
    return { entries, revision, ...(isWhole ? {} : { next }) };
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
    this.#assertOpen();
    prefixRange(prefix);
    const { fromRevision = this.#revision + 1, signal } = options;
    assertRevision(fromRevision, 'The revision to watch from');
    return this.#watches.watch(prefix, fromRevision, signal);
  }

  async lease(ttlMs: number): Promise<Lease> {
    assertWithin(ttlMs, stateLimits.leaseMs, 'time of a lease in milliseconds');
    const lease = randomBytes(16).toString('hex');
    await this.#submit({ type: 'grant', lease, ttlMs });
    return this.#handle(lease, ttlMs);
  }

  async resumeLease(id: string): Promise<Lease> {
    this.#assertOpen();
    return this.#handle(id, this.#leases.ttlMs(id));
  }

  async compact(revision: number): Promise<void> {
    assertRevision(revision, 'The revision to forget history before');
    await this.#submit({ type: 'compact', revision });
  }

  async status(): Promise<StateStatus> {
    await this.#use();
    const { revision, oldest } = this.#store.head();
    return {
      adapter: 'local',
      revision,
      oldestRevision: oldest,
      keys: this.#store.count(),
      leases: this.#leases.size,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ends.close();
    await this.#committer.drained();
    this.#leases.close();
    this.#watches.close();
    try {
      await this.#store.close();
    } finally {
      await this.#lock.release();
    }
  }

  async #transact(transaction: Transaction): Promise<Outcome> {
    return this.#submit({ type: 'transaction', transaction: prepareTransaction(transaction) });
  }

  #submit(command: Command): Promise<Outcome> {
    this.#assertOpen();
    return this.#committer.submit(command);
  }

  #committed(draft: Draft): void {
    this.#revision = draft.head.revision;
    for (const [lease, ttlMs] of draft.granted) this.#leases.add(lease, ttlMs);
    for (const lease of draft.ended) this.#leases.remove(lease);
    this.#watches.publish(draft);
  }

  #handle(id: string, ttlMs: number): Lease {
    return {
      id,
      ttlMs,
      keepAlive: async () => {
        this.#assertOpen();
        this.#leases.keepAlive(id);
      },
      revoke: async () => {
        this.#assertOpen();
        await this.#ends.revoke(id);
      },
    };
  }

  /** Makes sure that the state is open and can be read. */
  async #use(): Promise<void> {
    this.#assertOpen();
    await this.#store.ready();
    this.#assertOpen();
  }

  #assertOpen(): void {
    if (this.#closing === undefined) return;
    throw new StarlingError('shutting-down', `The state in ${this.#lock.folder} was closed. Open it again.`);
  }
}
