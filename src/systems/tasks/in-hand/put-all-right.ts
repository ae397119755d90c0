import { isPiece, mayHold, taskOf, uploadOf } from '../blob-owners.js';
import { publishTask } from '../message.js';
import type { Task } from '../task/index.js';
import { type PutRightParts, tellPutRight } from './put-right-parts.js';
import { releaseUnneeded } from './release-unneeded.js';

/** What has to be known of a task to put it right. */
type KnownTask = Pick<Task, 'id' | 'state' | 'round' | 'original' | 'result'>;

/** Tasks by their ids, as far as has to be known to put them right. */
export class KnownTasks extends Map<string, KnownTask> {
  take({ id, state, round, original, result }: Task): void {
    const files = {
      ...(original === undefined ? {} : { original }),
      ...(result === undefined ? {} : { result }),
    };
    this.set(id, { id, state, round, ...files });
  }
}

/** Messages that are on their way to the queue at once. */
const publishedAtOnce = 64;

/**
 * Puts all tasks right, whatever is noted: those whose message is missing get it, and blobs that nobody needs are removed.
 * Others may work on: what came since `known` was read is looked at again before it is touched.
 */
export async function putAllRight(
  parts: PutRightParts,
  known: ReadonlyMap<string, KnownTask>,
  signal?: AbortSignal,
): Promise<void> {
  const queued = [...known.values()].filter(({ state }) => state === 'queued');
  let published = 0;
  for (let at = 0; at < queued.length; at += publishedAtOnce) {
    if (signal?.aborted === true) return;
    const some = queued.slice(at, at + publishedAtOnce);
    const answers = await Promise.all(some.map((task) => publishTask(parts.queue, task)));
    published += answers.filter(({ duplicate }) => !duplicate).length;
  }
  tellPutRight(parts, { published, blobsRemoved: await sweep(parts, known) });
}

/** Removes blobs that nobody needs; how many owners let go. */
function sweep(
  { store, blobs, resumable }: PutRightParts,
  known: ReadonlyMap<string, KnownTask>,
): Promise<number> {
  return releaseUnneeded(blobs, {
    isSuspect: (owner, hash) => isPiece(owner) || !mayHold(owner, hash, known.get(taskOf(owner))),
    // one that is not needed now never is again: ids are given once, and so are owners of results and leases
    isNeeded: async (owner, hash) =>
      isPiece(owner)
        ? resumable.isKnown(uploadOf(owner))
        : mayHold(owner, hash, await store.find(taskOf(owner))),
  });
}
