import { StarlingError } from '../../errors/index.js';
import type { StateLogger } from '../local/lease-ends.js';
import { EtcdFailure, readFailure } from './failure.js';
import type { WatchRequest, WatchResponse } from './messages.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';

/** How much of etcd's history is kept, and forgetting the rest. It is one history for all that use the cluster. */
export class History {
  readonly #store: EtcdStore;
  readonly #keep: number;
  readonly #logger: StateLogger;
  /** The revision at which history is forgotten next. */
  #next: number;
  #forgetting: Promise<void> = Promise.resolve();

  /** `keep`: how many revisions stay. Each process sees the revisions pass; the first that sees enough of them forgets. */
  constructor(store: EtcdStore, keep: number, logger: StateLogger) {
    this.#store = store;
    this.#keep = keep;
    this.#logger = logger;
    // Processes take turns, as each begins to count at another revision.
    this.#next = store.known + Math.max(1, Math.ceil(Math.random() * this.#stride()));
    store.onRevision = (revision) => {
      if (revision < this.#next) return;
      this.#next = revision + this.#stride();
      if (revision > this.#keep) this.#forget(revision - this.#keep);
    };
  }

  /** Forgets what is before `revision`, which is not after the current one; nothing where that is done already. */
  async compact(revision: number): Promise<void> {
    const { revision: current } = await this.#store.read([]);
    if (revision > current) {
      throw new StarlingError(
        'input-invalid',
        `The revision ${revision} to forget history before is still to come; the newest is ${current}. Give one up to that.`,
      );
    }
    if (revision <= 1) return;
    try {
      // Etcd keeps of the revision that it is given what is needed to read at it, and not the deletes.
      await this.#store.connection.call(api.compact, { revision: this.#store.toEtcd(revision - 1) });
    } catch (thrown) {
      if (!(thrown instanceof EtcdFailure) || thrown.kind !== 'compacted') throw thrown;
    }
  }

  /**
   * The oldest revision that a watch can start from. Etcd tells it only to a watch that asks for one that is gone: the
   * making of the store is asked for, which comes where nothing was forgotten.
   */
  async oldest(): Promise<number> {
    const { connection, keys } = this.#store;
    const { stream } = await connection.open<WatchRequest, WatchResponse>(api.watch);
    try {
      const rangeEnd = Buffer.concat([keys.store, Buffer.alloc(1)]);
      const startRevision = this.#store.toEtcd(0);
      stream.write({
        createRequest: { key: keys.store, rangeEnd, startRevision, progressNotify: false, fragment: true },
      });
      for await (const {
        compactRevision,
        events,
        canceled,
        cancelReason,
      } of stream as AsyncIterable<WatchResponse>) {
        if (Number(compactRevision) > 0) return Math.max(1, this.#store.fromEtcd(compactRevision) + 1);
        if (canceled) throw new EtcdFailure('refused', cancelReason, false);
        if (events.length > 0) return 1;
      }
      throw new EtcdFailure('away', 'a watch was ended', false);
    } catch (thrown) {
      throw readFailure(thrown);
    } finally {
      stream.cancel();
    }
  }

  /** Waits for what is being forgotten. */
  settled(): Promise<void> {
    return this.#forgetting;
  }

  #forget(revision: number): void {
    this.#forgetting = this.compact(revision).catch((err: unknown) => {
      this.#logger.error({ err, revision }, 'old history of the state in etcd could not be forgotten');
    });
  }

  #stride(): number {
    return Math.max(1, Math.ceil(this.#keep / 10));
  }
}
