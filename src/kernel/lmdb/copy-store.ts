import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { StarlingError } from '../errors/index.js';
import { assertNotHeldHere } from './folder-lock.js';
import { assertOpenable } from './lmdb-file.js';
import { storageError } from './storage-error.js';

/** Whether a folder has a store of LMDB. */
export function hasStore(folder: string): boolean {
  return existsSync(join(folder, 'data.mdb'));
}

/**
 * Copies the store in `from`, whatever it keeps, into the folder `to`, as of one moment, beside whichever process has it
 * open. Throws `not-found` where there is none, `folder-in-use` where this very process has it open, `storage-failed` and
 * `storage-full`.
 */
export async function copyStore(from: string, to: string): Promise<void> {
  if (!hasStore(from)) {
    const message = `There is no store in ${from}. Name the data folder of a gateway or an agent.`;
    throw new StarlingError('not-found', message, { details: { folder: from } });
  }
  assertNotHeldHere(from);
  assertOpenable(from);
  const root = open({ path: from, noSubdir: false, readOnly: true, overlappingSync: false });
  try {
    await root.backup(to, true);
  } catch (thrown) {
    throw storageError(thrown, to);
  } finally {
    await root.close();
  }
}
