import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { StarlingError } from '../errors/index.js';
import { reserveInTransaction } from './file-space.js';
import { assertOpenable } from './lmdb-file.js';
import { storageError } from './storage-error.js';

/** The sole right to use a folder; it ends with `release` or with the process, however that dies. */
export interface FolderLock {
  /** The folder's real path, without symbolic links. */
  readonly folder: string;
  /** Gives the folder free. Without effect when called again. */
  release(): Promise<void>;
}

interface Claim {
  readonly pid: number;
}

/*
 * Node has no flock, a pid file cannot be taken over without a race, and a pid says nothing in another container.
 * LMDB has both parts that a sound lock needs, on Linux and macOS:
 * - Whoever reads is listed in lock.mdb, and holds an fcntl lock on the byte of its pid, which the kernel drops
 *   when the process ends: so the list of readers tells the truth about who lives, also after kill -9, a reused pid
 *   or a restarted container.
 * - A write transaction holds a robust mutex across processes: so of two that find the claim of a dead process,
 *   one takes it and the other sees that it was taken.
 * A process first registers as a reader and then, in a write transaction, takes the claim unless it is of a living one.
 * (An fcntl lock is lost when its process closes any descriptor of that file: nothing else may open lock.mdb.)
 */
const claimKey = 'claim';
const claimPages = 16;

// Closing a second environment of the same files would drop this process's own fcntl lock, so it must not come to that.
const held: Set<string> = sharedSet(Symbol.for('starling.kernel.state.held-folders'));

/**
 * Takes the folder for this process, creating it where it does not exist. Use it from the main thread.
 * Throws `folder-in-use` (with `details.pid`) where another open store or process has it, and `storage-failed` or
 * `storage-full` where the folder cannot be written.
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const folder = prepareFolder(path);
  if (held.has(folder)) throw inUse(folder, process.pid);
  let database: RootDatabase<string, string> | undefined;
  try {
    database = openLockDatabase(folder);
    const reader = registerReader(database, folder);
    takeClaim(database, folder);
    held.add(folder);
    return heldLock(folder, database, () => reader.done());
  } catch (thrown) {
    await database?.close();
    throw storageError(thrown, folder);
  }
}

/**
 * Throws `folder-in-use` where this process has the folder: a second descriptor of its files would drop its locks on them.
 */
export function assertNotHeldHere(path: string): void {
  const folder = realpathSync(path);
  if (held.has(folder)) throw inUse(folder, process.pid);
}

function prepareFolder(path: string): string {
  try {
    mkdirSync(join(path, 'lock'), { recursive: true });
    return realpathSync(path);
  } catch (thrown) {
    throw StarlingError.from(thrown, 'storage-failed', `The folder ${path} could not be created`);
  }
}

function openLockDatabase(folder: string): RootDatabase<string, string> {
  const path = join(folder, 'lock');
  assertOpenable(path);
  return open<string, string>({
    path,
    noSubdir: false,
    encoding: 'string',
    overlappingSync: false,
  });
}

function registerReader(database: RootDatabase<string, string>, folder: string): { done(): void } {
  try {
    return database.useReadTransaction();
  } catch (thrown) {
    // The byte of our pid is locked by a process with the same pid in another container.
    throw new StarlingError(
      'folder-in-use',
      `The folder ${folder} is used by a process in another container. Stop that process, or use another folder.`,
      { cause: thrown },
    );
  }
}

function takeClaim(database: RootDatabase<string, string>, folder: string): void {
  const holder = database.transactionSync(() => {
    const claim = readClaim(database.get(claimKey));
    if (claim !== undefined && claim.pid !== process.pid && livingReaders(database).has(claim.pid))
      return claim.pid;
    reserveInTransaction(database, join(folder, 'lock'), claimPages);
    database.put(claimKey, JSON.stringify({ pid: process.pid } satisfies Claim));
    return undefined;
  });
  if (holder !== undefined) throw inUse(folder, holder);
}

function readClaim(text: string | undefined): Claim | undefined {
  if (text === undefined) return undefined;
  const claim: unknown = JSON.parse(text);
  if (typeof claim === 'object' && claim !== null && 'pid' in claim && typeof claim.pid === 'number') {
    return { pid: claim.pid };
  }
  throw new StarlingError('storage-failed', `The lock has the claim ${text}, which is not understood.`);
}

/** Pids of the processes that are registered as readers and live. The list is a table: pid, thread, transaction. */
function livingReaders(database: RootDatabase<string, string>): Set<number> {
  database.readerCheck();
  const pids = database.readerList().matchAll(/^\s*(\d+)\s+[0-9a-f]+\s+(?:\d+|-)\s*$/gm);
  return new Set([...pids].map(([, pid]) => Number(pid)));
}

function heldLock(folder: string, database: RootDatabase<string, string>, done: () => void): FolderLock {
  let releasing: Promise<void> | undefined;
  const release = async () => {
    // The claim may stay: it counts for nothing once its process is no longer registered as a reader.
    done();
    await database.close();
    held.delete(folder);
  };
  return {
    folder,
    release: () => {
      releasing ??= release();
      return releasing;
    },
  };
}

function inUse(folder: string, pid: number): StarlingError {
  const who = pid === process.pid ? `this process (pid ${pid})` : `another process (pid ${pid})`;
  return new StarlingError(
    'folder-in-use',
    `The folder ${folder} is in use by ${who}. Stop that process, or use another folder.`,
    { details: { folder, pid } },
  );
}

function sharedSet(symbol: symbol): Set<string> {
  const existing: unknown = Reflect.get(globalThis, symbol);
  if (existing instanceof Set) return existing;
  const created = new Set<string>();
  Reflect.set(globalThis, symbol, created);
  return created;
}
