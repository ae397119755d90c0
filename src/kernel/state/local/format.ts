import { StarlingError } from '../../errors/index.js';
import type { StoreFormat, TextTable } from '../../lmdb/index.js';
import type { Head } from './draft.js';

/** How a state store is marked. */
export const stateFormat: StoreFormat = { of: 'state', name: 'starling-state', version: 1, table: 'meta' };

const headKey = Buffer.from('head');

/** Puts the counters of a new store, in the write transaction that is under way. */
export function putFirstHead(meta: TextTable): void {
  const head: Head = { revision: 0, oldest: 1 };
  meta.putSync(headKey, JSON.stringify(head));
}

/** The step that puts the counters as they are after a commit. */
export function putHead(meta: TextTable, head: Head): Promise<boolean> {
  return meta.put(headKey, JSON.stringify(head));
}

/** Throws `storage-failed` where the counters are missing or damaged. */
export function readHead(meta: TextTable): Head {
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
