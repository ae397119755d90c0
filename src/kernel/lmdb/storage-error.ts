import { statfsSync } from 'node:fs';
import { StarlingError } from '../errors/index.js';

// Node names the system's error; LMDB gives its number, or its own: ENOSPC, EDQUOT (Linux, macOS), MDB_MAP_FULL.
const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', 28, 122, 69, -30792];
// A disk that takes only a part of a write is reported by LMDB as EIO, like one that is broken.
const inputOutputError = 5;
const nearlyFullBytes = 256 * 1024;

/** An error of LMDB or the file system as `storage-full` or `storage-failed`; a `StarlingError` as it is. */
export function storageError(thrown: unknown, folder: string): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (fullCodes.includes(code) || (code === inputOutputError && isNearlyFull(folder))) {
    return new StarlingError(
      'storage-full',
      `The disk of the folder ${folder} is full, and nothing was written. Free disk space and try again.`,
      { cause: thrown, details: { folder } },
    );
  }
  return StarlingError.from(thrown, 'storage-failed', `The folder ${folder} could not be read or written`);
}

function isNearlyFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < nearlyFullBytes;
}
