import type { Change, ChangeBatch } from '../state.js';
import type { WatchResponse } from './messages.js';
import { deleted } from './messages.js';
import type { EtcdStore } from './store.js';

/**
 * Puts the parts together in which etcd sends changes. A batch is whole when a change of a later revision has come, or
 * the last part of a response.
 */
export class Changes {
  readonly #store: Pick<EtcdStore, 'fromEtcd' | 'entryOf' | 'keys'>;
  /** The first revision that was not delivered wholly. */
  position: number;
  #revision = 0;
  #changes: Change[] = [];

  constructor(store: Pick<EtcdStore, 'fromEtcd' | 'entryOf' | 'keys'>, position: number) {
    this.#store = store;
    this.position = position;
  }

  /** Forgets what has come of a batch that is not whole: it comes again. */
  restart(): void {
    this.#changes = [];
  }

  /** Takes a part; the batches that are whole with it. */
  add({ events, fragment, created, header }: WatchResponse): ChangeBatch[] {
    const batches: ChangeBatch[] = [];
    for (const { type, kv } of events) {
      const revision = this.#store.fromEtcd(kv.modRevision);
      if (revision < this.position) continue;
      if (revision !== this.#revision) this.#finish(batches);
      this.#revision = revision;
      this.#changes.push(
        type === deleted
          ? { type: 'delete', key: this.#store.keys.keyOf(kv.key), modRevision: revision }
          : { type: 'put', entry: this.#store.entryOf(kv) },
      );
    }
    if (!fragment) this.#finish(batches);
    // A response without changes tells how far a watch has come that is not behind.
    if (events.length === 0 && !created && header !== null) {
      this.position = Math.max(this.position, this.#store.fromEtcd(header.revision) + 1);
    }
    return batches;
  }

  #finish(batches: ChangeBatch[]): void {
    if (this.#changes.length === 0) return;
    const changes = this.#changes.sort((a, b) =>
      Buffer.compare(Buffer.from(keyOf(a)), Buffer.from(keyOf(b))),
    );
    batches.push({ revision: this.#revision, changes });
    this.position = this.#revision + 1;
    this.#changes = [];
  }
}

function keyOf(change: Change): string {
  return change.type === 'put' ? change.entry.key : change.key;
}
