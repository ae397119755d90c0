import { StarlingError } from '../../errors/index.js';
import { type BlobRecord, readBlobRecord } from './blob-record.js';

/** Where an engine keeps records, each under the hash of its blob. */
export interface RecordStore {
  /** Undefined where there is none. The version changes with every change. */
  read(hash: string): Promise<{ readonly text: string; readonly version: string } | undefined>;
  /**
   * Puts a record in the place of the one with that version, or where there is none; gives its own. Undefined where that does not
   * hold any more, also for an earlier try of this very write that was not answered.
   */
  write(hash: string, record: BlobRecord, version: string | undefined): Promise<string | undefined>;
  /** Removes a record where it has that version still, or leaves it: one without owners is used again. */
  remove(hash: string, version: string): Promise<void>;
  /** The hashes of all records. */
  hashes(): AsyncGenerator<string>;
}

/** What became of a record. */
export interface RecordChange<Next extends BlobRecord | undefined> {
  readonly before: BlobRecord | undefined;
  readonly record: Next;
  /** Of `record`. */
  readonly version: string;
}

/** How often a change is tried again where others change the same record. */
const mostTries = 1_000;

/** Who holds which blob. Every change is by compare-and-set: none is lost where two make one. */
export class BlobRecords {
  readonly #store: RecordStore;

  constructor(store: RecordStore) {
    this.#store = store;
  }

  /** Undefined where there is none. Throws `blob-damaged` for what is no record, as the others do. */
  async get(hash: string): Promise<BlobRecord | undefined> {
    const found = await this.#store.read(hash);
    return found && readBlobRecord(hash, found.text);
  }

  /** Puts what `next` makes of a record in its place; leaves it where that is the same. */
  async change<Next extends BlobRecord | undefined>(
    hash: string,
    next: (record: BlobRecord | undefined) => Next,
  ): Promise<RecordChange<Next>> {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const found = await this.#store.read(hash);
      const before = found && readBlobRecord(hash, found.text);
      const record = next(before);
      if (record === undefined || record === before) return { before, record, version: found?.version ?? '' };
      const version = await this.#store.write(hash, record, found?.version);
      // otherwise somebody else changed it meanwhile, or this very write was not answered and tried again
      if (version !== undefined) return { before, record, version };
    }
    throw new StarlingError(
      'storage-failed',
      `The record of blob ${hash} was changed by others ${mostTries} times while it was to be changed. Try again.`,
      { details: { hash } },
    );
  }

  remove(hash: string, version: string): Promise<void> {
    return this.#store.remove(hash, version);
  }

  hashes(): AsyncGenerator<string> {
    return this.#store.hashes();
  }
}
