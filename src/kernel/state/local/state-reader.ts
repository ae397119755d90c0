import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { StarlingError } from '../../errors/index.js';
import {
  assertNotHeldHere,
  assertOpenable,
  hasFormat,
  type Root,
  storageError,
  textTable,
} from '../../lmdb/index.js';
import { decodeKey, encodeKey, prefixRange } from '../keys.js';
import { stateLimits } from '../limits.js';
import type { Entry, State } from '../state.js';
import { readHead, stateFormat } from './format.js';
import { decodeRecord, toEntry } from './records.js';

/** The reading part of a state, and its end. */
export type StateReader = Pick<State, 'get' | 'list' | 'close'>;

/**
 * Reads the store in `folder` beside whichever process has it open, or when none has; each call sees what is on disk by then.
 * Its caller closes it. Throws `not-found` where there is no store, `folder-in-use` where this very process has it open, and
 * what `openLocalState` throws of a store that cannot be read.
 */
export async function openStateReader(folder: string): Promise<StateReader> {
  const root = await openToRead(folder);
  try {
    const meta = textTable(root, 'meta');
    const entries = textTable(root, 'entries');
    const find = (key: string): Entry | undefined => {
      const record = entries.get(encodeKey(key));
      return record === undefined ? undefined : toEntry(key, decodeRecord(record));
    };
    return {
      get: async (key) => find(key),
      async list(prefix, { limit = stateLimits.pageEntries, after } = {}) {
        const range = { ...prefixRange(prefix, after), limit: limit + 1 };
        const found = [...entries.getRange(range)].map(({ key, value }) =>
          toEntry(decodeKey(key), decodeRecord(value)),
        );
        const page = found.slice(0, limit);
        const next = found.length > limit ? page.at(-1)?.key : undefined;
        return { entries: page, revision: readHead(meta).revision, ...(next === undefined ? {} : { next }) };
      },
      close: () => root.close(),
    };
  } catch (thrown) {
    await root.close();
    throw storageError(thrown, folder);
  }
}

async function openToRead(folder: string): Promise<Root> {
  if (!existsSync(join(folder, 'data.mdb'))) throw noStore(folder);
  assertNotHeldHere(folder);
  assertOpenable(folder);
  const root = open<string, Uint8Array>({
    keyEncoding: 'binary',
    encoding: 'string',
    path: folder,
    noSubdir: false,
    readOnly: true,
    overlappingSync: false,
    maxDbs: 8,
  });
  try {
    if (!hasFormat(root, stateFormat, folder)) throw noStore(folder);
    return root;
  } catch (thrown) {
    await root.close();
    throw storageError(thrown, folder);
  }
}

function noStore(folder: string): StarlingError {
  const message = `There is no state store in ${folder}. Name the data folder of a gateway or an agent.`;
  return new StarlingError('not-found', message, { details: { folder } });
}
