import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { StarlingError } from '../errors/index.js';

/** The root table of an environment: keys and values are bytes, unless a table says otherwise. */
export type Root = RootDatabase<string, Uint8Array>;

/** A table whose keys are bytes and whose values are text. */
export type TextTable = Database<string, Uint8Array>;

/** What a store is, as it says of itself in one of its tables. */
export interface StoreFormat {
  /** What is stored, for people, as in `queues`. */
  readonly of: string;
  /** As in `starling-queue`; the same in every version. */
  readonly name: string;
  readonly version: number;
  /** The table that says so. */
  readonly table: string;
}

const formatKey = Buffer.from('format');

/** A table whose pages can be counted. */
export type Counted = Pick<Root, 'getStats'>;

/** How far the file of a store is in use, as of the last commit. */
export interface FileUse {
  readonly pageBytes: number;
  readonly pages: number;
}

/** How far the file is in use. */
export function fileUse(root: Counted): FileUse {
  const stats: { pageSize?: number; lastPageNumber?: number } = root.getStats();
  return { pageBytes: stats.pageSize ?? 0, pages: (stats.lastPageNumber ?? 0) + 1 };
}

/** Opens a table of text, or makes it. */
export function textTable(root: Root, name: string): TextTable {
  return root.openDB({ keyEncoding: 'binary', encoding: 'string', name });
}

/**
 * Whether the store says that it is of `format`; false where it is new. Writes nothing. Throws `storage-version` where
 * another version of Starling wrote it, and `storage-failed` where it is of something else, or its file is shorter than
 * it says: to read what is missing would end the process.
 */
export function hasFormat(root: Root, format: StoreFormat, folder: string): boolean {
  assertWhole(root, folder);
  const tables = [...root.getKeys({ start: Buffer.alloc(1) })].map((bytes) =>
    Buffer.from(bytes).toString('utf8').replace(/\0$/, ''),
  );
  if (tables.length === 0) return false;
  if (!tables.includes(format.table)) throw foreign(format, folder);
  const table = textTable(root, format.table);
  const text = table.get(formatKey);
  if (text !== undefined) {
    assertFormat(JSON.parse(text), format, folder);
    return true;
  }
  if (table.getKeysCount({ start: Buffer.alloc(1), limit: 1 }) > 0) throw foreign(format, folder);
  return false;
}

/** Lets a new store say what it is, in the write transaction that is under way. */
export function markFormat(root: Root, { name, version, table }: StoreFormat): void {
  textTable(root, table).putSync(formatKey, JSON.stringify({ format: name, version }));
}

function assertWhole(root: Root, folder: string): void {
  const { pages, pageBytes } = fileUse(root);
  const expected = pages * pageBytes;
  const { size } = statSync(join(folder, 'data.mdb'));
  if (size >= expected) return;
  throw new StarlingError(
    'storage-failed',
    `The file data.mdb in ${folder} has ${size} bytes where it should have at least ${expected}: it was cut. Restore it from a copy.`,
    { details: { folder } },
  );
}

function assertFormat(stored: unknown, format: StoreFormat, folder: string): void {
  const isRecord = typeof stored === 'object' && stored !== null;
  if (!isRecord || !('format' in stored) || !('version' in stored) || stored.format !== format.name)
    throw foreign(format, folder);
  if (stored.version === format.version) return;
  throw new StarlingError(
    'storage-version',
    `The folder ${folder} has Starling's ${format.of} in format version ${String(stored.version)}; this program reads version ${format.version}. Use the version of Starling that wrote it.`,
    { details: { folder, version: stored.version, reads: format.version } },
  );
}

function foreign({ of }: StoreFormat, folder: string): StarlingError {
  return new StarlingError(
    'storage-failed',
    `The folder ${folder} holds something other than Starling's ${of}. Name another folder.`,
    { details: { folder } },
  );
}
