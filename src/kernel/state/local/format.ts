import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { StarlingError } from '../../errors/index.js';
import type { Head } from './draft.js';

const format = { format: 'starling-state', version: 1 } as const;
const formatKey = Buffer.from('format');
const headKey = Buffer.from('head');

/**
 * Throws `storage-failed` where the file is shorter than it says (reading what is missing would end the process), or
 * where it holds tables of another program.
 */
export function assertSound(root: RootDatabase<string, Uint8Array>, folder: string): void {
  const stats: { pageSize?: number; lastPageNumber?: number } = root.getStats();
  const expected = ((stats.lastPageNumber ?? 0) + 1) * (stats.pageSize ?? 0);
  const { size } = statSync(join(folder, 'data.mdb'));
  // A new environment has its two first pages only once something is written.
  if (size < expected) {
    throw new StarlingError(
      'storage-failed',
      `The file data.mdb in ${folder} has ${size} bytes where it should have at least ${expected}: it was cut. Restore it from a copy.`,
      { details: { folder } },
    );
  }
  const names = [...root.getKeys({ start: Buffer.alloc(1) })].map((bytes) =>
    Buffer.from(bytes).toString('utf8').replace(/\0$/, ''),
  );
  if (names.length > 0 && !names.includes('meta')) throw foreign(folder);
}

/**
 * The version of the stored format, or `undefined` in a new store. Throws `storage-version` where another version of
 * Starling wrote it, and `storage-failed` where it is not understood.
 */
export function readFormat(meta: Database<string, Uint8Array>, folder: string): number | undefined {
  const text = meta.get(formatKey);
  if (text === undefined) {
    if (meta.getKeysCount({ start: Buffer.alloc(1), limit: 1 }) > 0) throw foreign(folder);
    return undefined;
  }
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== 'object' || stored === null || !('format' in stored) || !('version' in stored)) {
    throw foreign(folder);
  }
  if (stored.format !== format.format) throw foreign(folder);
  if (stored.version !== format.version) {
    throw new StarlingError(
      'storage-version',
      `The state folder ${folder} has format version ${String(stored.version)}; this program reads version ${format.version}. Use the version of Starling that wrote it.`,
      { details: { folder, version: stored.version, reads: format.version } },
    );
  }
  return format.version;
}

/** Marks a new store as ours; resolves when that is on disk. */
export async function writeFormat(meta: Database<string, Uint8Array>): Promise<void> {
  const head: Head = { revision: 0, oldest: 1 };
  void meta.put(headKey, JSON.stringify(head));
  await meta.put(formatKey, JSON.stringify(format));
}

/** Throws `storage-failed` where the counters are missing or damaged. */
export function readHead(meta: Database<string, Uint8Array>): Head {
  const stored: unknown = JSON.parse(meta.get(headKey) ?? 'null');
  if (typeof stored === 'object' && stored !== null && 'revision' in stored && 'oldest' in stored) {
    const { revision, oldest } = stored;
    if (typeof revision === 'number' && typeof oldest === 'number') return { revision, oldest };
  }
  throw new StarlingError(
    'storage-failed',
    'The counters of the state store are damaged. Restore its folder from a copy.',
  );
}

function foreign(folder: string): StarlingError {
  return new StarlingError(
    'storage-failed',
    `The folder ${folder} holds an LMDB store that is not a Starling state. Name another folder.`,
    { details: { folder } },
  );
}
