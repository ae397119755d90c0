import type { Blobs } from '../../kernel/blobs/index.js';
import type { Queue } from '../../kernel/queue/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { isPiece, mayHold, taskOf, uploadOf } from './blob-owners.js';
import { messageOf } from './message.js';
import type { ResumableUploads } from './resumable/index.js';
import type { TaskStore } from './store/index.js';
import type { Task } from './task/index.js';
import { uploadersPrefix } from './upload-lease.js';

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

export interface PutRightParts {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly logger: Pick<Logger, 'info'>;
  /** Uploads in pieces, which are blobs too. */
  readonly resumable: Pick<ResumableUploads, 'isKnown'>;
}

/**
 * Puts right what a process left that ended in the middle: tasks whose message was not written get it, and blobs that
 * nobody needs are removed. Others may work on: what came since `known` was read is looked at again before it is touched.
 */
export async function putRight(
  parts: PutRightParts,
  known: ReadonlyMap<string, KnownTask>,
  signal?: AbortSignal,
): Promise<void> {
  const { queue, logger } = parts;
  let published = 0;
  for (const task of known.values()) {
    if (signal?.aborted === true) return;
    if (task.state !== 'queued') continue;
    const { body, options } = messageOf(task);
    const { duplicate } = await queue.publish(body, options);
    if (!duplicate) published += 1;
  }
  const removed = await sweep(parts, known);
  if (published + removed > 0)
    logger.info({ published, blobsRemoved: removed }, 'tasks were put right after a stop in the middle');
}

/**
 * Puts right what is there, and again whenever a process that took uploads has gone, until `signal`. One at a time does it.
 */
export async function keepRight(
  parts: PutRightParts & { readonly state: State },
  signal: AbortSignal,
): Promise<void> {
  const { state, store } = parts;
  const uploaders = state.watch(uploadersPrefix, { signal });
  const putAllRight = async () => {
    const known = new KnownTasks();
    await store.all((task) => known.take(task));
    await putRight(parts, known, signal);
  };
  await putAllRight();
  for await (const { changes } of uploaders)
    if (changes.some(({ type }) => type === 'delete')) await putAllRight();
}

/** Removes blobs that nobody needs; how many. */
async function sweep(
  { store, blobs, resumable }: PutRightParts,
  known: ReadonlyMap<string, KnownTask>,
): Promise<number> {
  const suspects: { readonly owner: string; readonly hash: string }[] = [];
  const first = await blobs.sweep((owner, hash) => {
    if (isPiece(owner) || !mayHold(owner, hash, known.get(taskOf(owner)))) suspects.push({ owner, hash });
    return true;
  });
  const gone = new Set<string>();
  for (const { owner, hash } of suspects) {
    if (isPiece(owner)) {
      if (!(await resumable.isKnown(uploadOf(owner)))) gone.add(`${owner} ${hash}`);
      continue;
    }
    const task = await store.find(taskOf(owner));
    // one that is not needed now never is again: ids are given once, and so are owners of results and leases
    if (!mayHold(owner, hash, task)) gone.add(`${owner} ${hash}`);
  }
  if (gone.size === 0) return first.removed;
  const second = await blobs.sweep((owner, hash) => !gone.has(`${owner} ${hash}`));
  return first.removed + second.removed;
}
