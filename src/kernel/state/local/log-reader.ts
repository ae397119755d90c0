import { historyCompacted } from '../history-compacted.js';
import { prefixRange } from '../keys.js';
import type { Change, ChangeBatch } from '../state.js';
import type { DraftChange } from './draft.js';
import { decodeChange, logKey } from './records.js';
import type { LocalStore } from './store.js';

// What one read of the log takes at most: it bounds the memory of a watch and the time that a read holds the thread.
const chunkChanges = 512;
const chunkBytes = 1024 * 1024;

/** Reads the stored log from a revision on, and keeps the changes under a prefix. Holds no more than a chunk at a time. */
export class LogReader {
  readonly #store: LocalStore;
  readonly #prefix: string;
  readonly #prefixBytes: Buffer;
  /** Where the next chunk starts in the log. */
  #cursor: Buffer;
  /** The first revision that is not read wholly. */
  #position: number;
  /** What is read so far of the revision at the position. */
  #part: Change[] = [];

  constructor(store: LocalStore, prefix: string, fromRevision: number) {
    this.#store = store;
    this.#prefix = prefix;
    this.#prefixBytes = prefixRange(prefix).start;
    this.#position = fromRevision;
    this.#cursor = logKey(fromRevision);
  }

  /** Resolves when the log can be read. */
  ready(): Promise<void> {
    return this.#store.ready();
  }

  /**
   * The next batches, and whether the end of the log is reached; there may be none before the end.
   * Throws `history-compacted` where the next revision is no longer kept.
   */
  read(): { batches: ChangeBatch[]; isEnd: boolean } {
    const { revision, oldest } = this.#store.head();
    if (this.#position < oldest) throw historyCompacted(this.#position, oldest);
    const { records, isEnd } = this.#store.readLog(this.#cursor, chunkChanges, chunkBytes);
    const batches: ChangeBatch[] = [];
    for (const { revision: changed, key, record } of records) {
      if (changed !== this.#position) {
        this.#finish(batches);
        this.#position = changed;
      }
      if (this.#matches(key)) this.#part.push(decodeChange(changed, key, record));
    }
    const last = records.at(-1);
    if (isEnd) {
      this.#finish(batches);
      this.#moveTo(Math.max(this.#position, revision + 1));
    } else if (last !== undefined) {
      this.#cursor = Buffer.concat([logKey(last.revision, last.key), Buffer.alloc(1)]);
    }
    return { batches, isEnd };
  }

  /**
   * For a reader that is at the end of the log: true where a commit has something for it; otherwise the reader
   * passes over the commit, so that history may be forgotten behind it.
   */
  wants(changes: readonly DraftChange[], revision: number): boolean {
    const isWanted = changes.some(
      (change) => change.revision >= this.#position && change.key.startsWith(this.#prefix),
    );
    if (!isWanted && revision >= this.#position) this.#moveTo(revision + 1);
    return isWanted;
  }

  #finish(batches: ChangeBatch[]): void {
    if (this.#part.length > 0) batches.push({ revision: this.#position, changes: this.#part });
    this.#part = [];
  }

  #moveTo(position: number): void {
    this.#position = position;
    this.#cursor = logKey(position);
  }

  #matches(key: Uint8Array): boolean {
    return this.#prefixBytes.equals(key.subarray(0, this.#prefixBytes.length));
  }
}
