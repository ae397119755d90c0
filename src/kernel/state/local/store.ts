import { open as openFile } from 'node:fs/promises';
import { open, type RootDatabase } from 'lmdb';
import { StarlingError } from '../../errors/index.js';
import { decodeKey, encodeKey, type KeyRange, prefixRange } from '../keys.js';
import { assertOpenable } from '../lmdb-file.js';
import { storageError } from '../storage-error.js';
import { type Commit, commitSteps, type Tables } from './commit.js';
import type { Head } from './draft.js';
import { assertSound, readFormat, readHead, writeFormat } from './format.js';
import { decodeLogKey, decodeRecord, type StoredEntry } from './records.js';

/** One change as it is stored in the log. */
export interface LogRecord {
  readonly revision: number;
  readonly key: Uint8Array;
  readonly record: string;
}

// Address space, not memory or disk: large enough that the map is not moved while the process runs.
const mapSize = 16 * 1024 ** 3;

/**
 * The LMDB environment of one state folder: reads at once, writes one commit after another.
 * With `overlappingSync` off, a commit writes its pages, syncs them (fdatasync), and then writes the page that makes
 * it valid through a descriptor that syncs by itself (O_DSYNC); only then does the promise resolve.
 */
export class LocalStore {
  readonly #folder: string;
  #tables: Tables | undefined;
  #opening: Promise<void> | undefined;

  private constructor(folder: string, tables: Tables) {
    this.#folder = folder;
    this.#tables = tables;
  }

  /** Opens or creates the store. Throws `storage-failed` where the folder holds something else, or a damaged store. */
  static async open(folder: string): Promise<LocalStore> {
    const tables = await openTables(folder);
    try {
      if (readFormat(tables.meta, folder) === undefined) {
        await writeFormat(tables.meta);
        await syncFolder(folder);
      }
      readHead(tables.meta);
      return new LocalStore(folder, tables);
    } catch (thrown) {
      await tables.root.close();
      throw storageError(await causeOf(thrown), folder);
    }
  }

  /** Resolves when reads are possible: at once, unless a failed commit makes it necessary to open the files again. */
  async ready(): Promise<void> {
    if (this.#tables !== undefined) return;
    this.#opening ??= this.#reopen();
    await this.#opening;
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
    const { root, ...tables } = this.#open();
    // Whatever can throw does so here: LMDB would commit a batch whose function throws half-way.
    const steps = commitSteps(tables, commit);
    // LMDB may split the answer of a large batch among its steps, although it commits all or nothing: hear each.
    const answers: Promise<unknown>[] = [];
    const batch = root.batch(() => {
      for (const step of steps) answers.push(step().then(undefined, causeOf));
    });
    answers.push(batch.then(undefined, causeOf));
    const failure = (await Promise.all(answers)).find((answer) => answer instanceof Error);
    if (failure !== undefined) {
      const error = storageError(failure, this.#folder);
      // After a failed commit LMDB may wait for ever in the next one, until its environment is opened anew.
      this.#tables = undefined;
      await root.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#opening;
    await this.#tables?.root.close();
    this.#tables = undefined;
  }

  async #reopen(): Promise<void> {
    try {
      this.#tables = await openTables(this.#folder);
    } finally {
      this.#opening = undefined;
    }
  }

  #open(): Tables {
    if (this.#tables !== undefined) return this.#tables;
    throw new StarlingError(
      'storage-failed',
      `The state folder ${this.#folder} is being opened again after a failed write. Try again.`,
    );
  }
}

async function openTables(folder: string): Promise<Tables> {
  const options = { keyEncoding: 'binary', encoding: 'string' } as const;
  let root: RootDatabase<string, Uint8Array> | undefined;
  assertOpenable(folder);
  try {
    root = open<string, Uint8Array>({
      ...options,
      path: folder,
      noSubdir: false,
      overlappingSync: false,
      mapSize,
      maxDbs: 8,
    });
    assertSound(root, folder);
    return {
      root,
      meta: root.openDB({ ...options, name: 'meta' }),
      entries: root.openDB({ ...options, name: 'entries' }),
      log: root.openDB({ ...options, name: 'log' }),
      leases: root.openDB({ ...options, name: 'leases' }),
      leaseKeys: root.openDB({ ...options, name: 'lease-keys' }),
    };
  } catch (thrown) {
    await root?.close();
    throw storageError(thrown, folder);
  }
}

/** LMDB tells the reason of a failed commit in a second promise, which must not be left unheard. */
async function causeOf(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !('commitError' in thrown)) return thrown;
  try {
    await thrown.commitError;
    return thrown;
  } catch (cause) {
    return cause;
  }
}

/** A new file survives a power failure only once the folder that names it is synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
