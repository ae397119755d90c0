import { Environment, type Root, textTable } from '../../lmdb/index.js';
import { decodeKey, encodeKey, type KeyRange, prefixRange } from '../keys.js';
import { type Commit, commitSteps, type Tables } from './commit.js';
import type { Head } from './draft.js';
import { putFirstHead, readHead, stateFormat } from './format.js';
import { decodeLogKey, decodeRecord, type StoredEntry } from './records.js';

/** One change as it is stored in the log. */
export interface LogRecord {
  readonly revision: number;
  readonly key: Uint8Array;
  readonly record: string;
}

/** The environment of one state folder: reads at once, writes one commit after another. */
export class LocalStore {
  readonly #environment: Environment<Tables>;

  private constructor(environment: Environment<Tables>) {
    this.#environment = environment;
  }

  /** Opens or creates the store. Throws `storage-failed` where the folder holds something else, or a damaged store. */
  static async open(folder: string): Promise<LocalStore> {
    return new LocalStore(await Environment.open({ folder, format: stateFormat, openTables }));
  }

  /** Resolves when reads are possible: at once, unless a failed commit makes it necessary to open the files again. */
  async ready(): Promise<void> {
    await this.#environment.ready();
  }

  /** The head as of this call; reads that follow without waiting are of the same moment. */
  head(): Head {
    return readHead(this.#open().meta);
  }

  get(key: string): StoredEntry | undefined {
    const record = this.#open().entries.get(encodeKey(key));
    return record === undefined ? undefined : decodeRecord(record);
  }

  /** Entries of the range in key order, at most `limit`, fewer once they have `bytes` bytes. */
  list(range: KeyRange, limit: number, bytes: number): { key: string; stored: StoredEntry }[] {
    const found: { key: string; stored: StoredEntry }[] = [];
    let size = 0;
    for (const { key, value } of this.#open().entries.getRange({ ...range, limit })) {
      found.push({ key: decodeKey(key), stored: decodeRecord(value) });
      size += value.length;
      if (size >= bytes) break;
    }
    return found;
  }

  /** Changes from a place in the log on (see `logKey`), in order, at most `limit`, fewer once they have `bytes` bytes. */
  readLog(start: Uint8Array, limit: number, bytes: number): { records: LogRecord[]; isEnd: boolean } {
    const records: LogRecord[] = [];
    let size = 0;
    for (const { key, value } of this.#open().log.getRange({ start, limit })) {
      records.push({ ...decodeLogKey(key), record: value });
      size += value.length;
      if (size >= bytes) break;
    }
    return { records, isEnd: records.length < limit && size < bytes };
  }

  /** Ids of all stored leases with their time in milliseconds. */
  leases(): Map<string, number> {
    const stored = [...this.#open().leases.getRange({ start: Buffer.alloc(1) })];
    return new Map(stored.map(({ key, value }) => [decodeKey(key), Number(value)]));
  }

  /** The keys that are tied to a lease, in order. */
  leaseKeys(lease: string): string[] {
    const { start, end } = prefixRange(lease);
    const stored = [...this.#open().leaseKeys.getKeys({ start, end })];
    return stored.map((bytes) => decodeKey(bytes.subarray(start.length)));
  }

  /** Number of keys. */
  count(): number {
    const stats: { entryCount?: number } = this.#open().entries.getStats();
    return stats.entryCount ?? 0;
  }

  /**
   * Resolves when the commit is on disk. Throws `storage-full` or `storage-failed` with nothing written.
   * A commit may only begin when the one before has ended.
   */
  async write(commit: Commit): Promise<void> {
    await this.ready();
    // Whatever can throw does so here: LMDB would commit a batch whose function throws half-way.
    const { steps, bytes } = commitSteps(this.#open(), commit);
    await this.#environment.write(steps, bytes);
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  #open(): Tables {
    return this.#environment.tables;
  }
}

function openTables(root: Root, isNew: boolean): Tables {
  const tables = {
    meta: textTable(root, 'meta'),
    entries: textTable(root, 'entries'),
    log: textTable(root, 'log'),
    leases: textTable(root, 'leases'),
    leaseKeys: textTable(root, 'lease-keys'),
  };
  if (isNew) putFirstHead(tables.meta);
  readHead(tables.meta);
  return tables;
}
