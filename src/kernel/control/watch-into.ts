import { StarlingError } from '../errors/index.js';
import type { State } from '../state/state.js';
import type { Controller } from './controller.js';

/**
 * Keeps `controller` told of every key under `prefix` until `signal` is aborted: lists the prefix and enqueues what
 * is there, then watches from the revision after the list. Where the watch fell behind the history that is kept, it
 * lists again, and also enqueues what it knew and what is gone meanwhile, so that no delete goes unseen.
 *
 * `keyOf` maps a key of the store to the controller's key; `undefined` where the key is not of interest.
 *
 * Resolves after the abort. Rejects with what the store throws, and with `shutting-down` where the store ends the
 * watch by itself: the caller decides whether to watch again.
 */
export async function watchInto(
  controller: Pick<Controller, 'enqueue'>,
  state: Pick<State, 'list' | 'watch'>,
  prefix: string,
  keyOf: (key: string) => string | undefined,
  signal: AbortSignal,
): Promise<void> {
  let known = new Set<string>();
  const tell = (key: string) => {
    const target = keyOf(key);
    if (target !== undefined) controller.enqueue(target);
  };

  while (!signal.aborted) {
    const listed = await listKeys(state, prefix);
    for (const key of new Set([...known, ...listed.keys])) tell(key);
    known = listed.keys;
    try {
      for await (const batch of state.watch(prefix, { fromRevision: listed.revision + 1, signal })) {
        for (const change of batch.changes) {
          const key = change.type === 'put' ? change.entry.key : change.key;
          if (change.type === 'put') known.add(key);
          else known.delete(key);
          tell(key);
        }
      }
    } catch (thrown) {
      if (thrown instanceof StarlingError && thrown.code === 'history-compacted') continue;
      throw thrown;
    }
    if (!signal.aborted) {
      throw new StarlingError(
        'shutting-down',
        `The store ended the watch of ${prefix}. Stop the controller before its store.`,
      );
    }
  }
}

/** All keys, with the revision of the first page: what changed while later pages were read is watched again. */
async function listKeys(
  state: Pick<State, 'list'>,
  prefix: string,
): Promise<{ keys: Set<string>; revision: number }> {
  let page = await state.list(prefix);
  const { revision } = page;
  const keys = new Set(page.entries.map((entry) => entry.key));
  while (page.next !== undefined) {
    page = await state.list(prefix, { after: page.next });
    for (const entry of page.entries) keys.add(entry.key);
  }
  return { keys, revision };
}
