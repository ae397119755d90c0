import { StarlingError } from '../../errors/index.js';

// LMDB gives the number of the system's error, or its own: ENOSPC, EDQUOT (Linux, macOS), MDB_MAP_FULL.
const fullCodes: readonly unknown[] = [28, 122, 69, -30792];
const notLmdbCodes: readonly unknown[] = [-30793, -30794];

/** An error of LMDB or the file system as `storage-full` or `storage-failed`; a `StarlingError` as it is. */
export function storageError(thrown: unknown, folder: string): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (fullCodes.includes(code)) {
    return new StarlingError(
      'storage-full',
      `The disk of the state folder ${folder} is full, and nothing was written. Free disk space and try again.`,
      { cause: thrown, details: { folder } },
    );
  }
  if (notLmdbCodes.includes(code)) {
    return new StarlingError(
      'storage-failed',
      `The folder ${folder} has a data.mdb that is damaged or of another program. Restore it from a copy, or name another folder.`,
      { cause: thrown, details: { folder } },
    );
  }
  return StarlingError.from(
    thrown,
    'storage-failed',
    `The state folder ${folder} could not be read or written`,
  );
}
