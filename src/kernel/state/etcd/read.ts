import { prefixRange } from '../keys.js';
import { stateLimits } from '../limits.js';
import { assertWithin } from '../prepare.js';
import type { Entry, Page } from '../state.js';
import { EtcdFailure } from './failure.js';
import type { KeyValue, RangeResponse } from './messages.js';
import type { EtcdStore } from './store.js';

// Entries that are asked for at first; from their size it is seen how many more to ask for, so that no answer is huge.
const firstEntries = 64;

/** The entry of a key, of the newest revision. */
export async function readEntry(store: EtcdStore, key: string): Promise<Entry | undefined> {
  const { responses } = await store.read([{ requestRange: { key: store.keys.entry(key) } }]);
  const [stored] = responses[0]?.responseRange?.kvs ?? [];
  return stored === undefined ? undefined : store.entryOf(stored);
}

/** A page of entries, all of one revision. It ends early where its entries are large. */
export async function readPage(
  store: EtcdStore,
  prefix: string,
  { limit = stateLimits.pageEntries, after }: { readonly limit?: number; readonly after?: string },
): Promise<Page> {
  assertWithin(limit, stateLimits.pageEntriesMost, 'limit of a page');
  prefixRange(prefix, after);
  for (;;) {
    try {
      return await readParts(store, prefix, limit, after);
    } catch (thrown) {
      // Between two parts the history of the first's revision was forgotten: read at a newer one.
      if (!(thrown instanceof EtcdFailure) || thrown.kind !== 'compacted') throw thrown;
    }
  }
}

async function readParts(
  store: EtcdStore,
  prefix: string,
  limit: number,
  after: string | undefined,
): Promise<Page> {
  const kvs: KeyValue[] = [];
  let bytes = 0;
  let revision = 0;
  let isWhole = false;
  for (let wanted = Math.min(limit, firstEntries); wanted > 0 && !isWhole; ) {
    const last = kvs.at(-1);
    const range = store.keys.entries(prefix, last === undefined ? after : store.keys.keyOf(last.key));
    const found = await readRange(store, range, wanted, revision);
    revision = found.revision;
    isWhole = !found.more;
    for (const each of found.kvs) {
      if (bytes >= stateLimits.pageBytes) {
        isWhole = false;
        break;
      }
      kvs.push(each);
      bytes += each.value.length;
    }
    const mean = bytes / Math.max(1, kvs.length);
    wanted = Math.min(limit - kvs.length, Math.ceil((stateLimits.pageBytes - bytes) / Math.max(1, mean)));
  }
  const entries = kvs.map((each) => store.entryOf(each));
  const next = entries.at(-1)?.key;
  return { entries, revision, ...(isWhole || next === undefined ? {} : { next }) };
}

/** How many entries there are, and at which revision. */
export async function countEntries(store: EtcdStore): Promise<{ keys: number; revision: number }> {
  const { start: key, end: rangeEnd } = store.keys.entries('');
  const { responses, revision } = await store.read([{ requestRange: { key, rangeEnd, countOnly: true } }]);
  return { keys: Number(responses[0]?.responseRange?.count ?? 0), revision };
}

/** Up to `limit` entries of a range; `revision` 0: of the newest, which is told. */
async function readRange(
  store: EtcdStore,
  { start: key, end: rangeEnd }: { readonly start: Buffer; readonly end: Buffer },
  limit: number,
  revision: number,
): Promise<Pick<RangeResponse, 'kvs' | 'more'> & { readonly revision: number }> {
  const range = { key, rangeEnd, limit, revision: revision === 0 ? 0 : store.toEtcd(revision) };
  const { responses, revision: newest } = await store.read([{ requestRange: range }]);
  const { kvs = [], more = false } = responses[0]?.responseRange ?? {};
  return { kvs, more, revision: revision === 0 ? newest : revision };
}
