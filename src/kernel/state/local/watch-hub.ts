import type { ChangeBatch, WatchOptions } from '../state.js';
import type { Draft } from './draft.js';
import { LogReader } from './log-reader.js';
import type { LocalStore } from './store.js';
import { Watch } from './watch.js';

/**
 * Wakes the watches that wait for a change. A watch that does not wait is not known here: it costs nothing, holds up
 * nobody, and reads what it has missed from the log when its reader comes back.
 */
export class WatchHub {
  readonly #store: LocalStore;
  readonly #waiting = new Set<Watch>();
  #isClosed = false;

  constructor(store: LocalStore) {
    this.#store = store;
  }

  /** A watch of the keys under `prefix` from a revision on. */
  watch(prefix: string, fromRevision: number, signal: WatchOptions['signal']): AsyncIterable<ChangeBatch> {
    return new Watch({
      reader: new LogReader(this.#store, prefix, fromRevision),
      waiting: this.#waiting,
      isClosed: () => this.#isClosed,
      signal,
    });
  }

  /** Tells the waiting watches of a commit. */
  publish(draft: Draft): void {
    for (const watch of [...this.#waiting]) watch.offer(draft.changes, draft.head.revision);
  }

  /** Ends every watch. */
  close(): void {
    this.#isClosed = true;
    for (const watch of [...this.#waiting]) watch.wake();
  }
}
