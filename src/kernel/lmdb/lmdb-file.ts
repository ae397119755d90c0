import { accessSync, closeSync, constants, existsSync, openSync, readSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { StarlingError } from '../errors/index.js';

// The start of an LMDB file (format version 2, little-endian): two meta pages, each with these fields at these offsets.
const pageHeaderBytes = 24;
const magic = 0xbeefc0de;
const formatVersion = 2;
const pageSizeOffset = 48;
const newStoreBytes = 512 * 1024;

/**
 * Looks at a folder before LMDB opens it: the `lmdb` package ends the process where opening fails.
 * Throws `storage-failed` where the files cannot be read and written or are not LMDB's, and `storage-full` where
 * there is no space for a new store.
 */
export function assertOpenable(folder: string): void {
  for (const path of [folder, join(folder, 'data.mdb'), join(folder, 'lock.mdb')]) {
    if (existsSync(path)) assertWritable(path);
  }
  const { isNew, isLmdb } = inspect(join(folder, 'data.mdb'));
  if (isNew) assertSpace(folder);
  else if (!isLmdb) {
    throw new StarlingError(
      'storage-failed',
      `The folder ${folder} has a data.mdb that is damaged or of another program. Restore it from a copy, or name another folder.`,
      { details: { folder } },
    );
  }
}

function assertWritable(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (thrown) {
    throw new StarlingError(
      'storage-failed',
      `This process may not read and write ${path}. Change its owner or its permissions.`,
      { cause: thrown, details: { path } },
    );
  }
}

function inspect(file: string): { isNew: boolean; isLmdb: boolean } {
  if (!existsSync(file)) return { isNew: true, isLmdb: false };
  const descriptor = openSync(file, 'r');
  try {
    const first = Buffer.alloc(pageSizeOffset + 4);
    const length = readSync(descriptor, first, 0, first.length, 0);
    if (length === 0) return { isNew: true, isLmdb: false };
    const second = Buffer.alloc(pageHeaderBytes + 8);
    readSync(descriptor, second, 0, second.length, first.readUInt32LE(pageSizeOffset));
    return { isNew: false, isLmdb: isMetaPage(first) && isMetaPage(second) };
  } finally {
    closeSync(descriptor);
  }
}

function isMetaPage(page: Buffer): boolean {
  return (
    page.readUInt32LE(pageHeaderBytes) === magic && page.readUInt32LE(pageHeaderBytes + 4) === formatVersion
  );
}

function assertSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= newStoreBytes) return;
  throw new StarlingError(
    'storage-full',
    `The disk of the folder ${folder} has less than ${newStoreBytes} bytes left. Free disk space and try again.`,
    { details: { folder } },
  );
}
