import type { Blobs } from '../../kernel/blobs/index.js';
import type { Queue } from '../../kernel/queue/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { isLiveOwner } from './blob-owners.js';
import { messageOf } from './message.js';
import type { TaskStore } from './store/index.js';
import type { Task } from './task/index.js';

/**
 * Puts right what a stop in the middle left: uploads that were broken off are gone, tasks whose message was not written get it, and blobs that nobody needs are
 * removed. All tasks are looked at, once.
 */
export async function putRight({
  store,
  queue,
  blobs,
  logger,
}: {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly logger: Pick<Logger, 'info'>;
}): Promise<void> {
  const tasks = new Map<string, Task>();
  await store.all((task) => tasks.set(task.id, task));
  let published = 0;
  for (const task of tasks.values()) {
    // of a process that is gone: this one has begun none yet, and the name is wanted for another try
    if (task.state === 'uploading') await store.remove(task);
    if (task.state !== 'queued') continue;
    const { body, options } = messageOf(task);
    const { duplicate } = await queue.publish(body, options);
    if (!duplicate) published += 1;
  }
  const swept = await blobs.sweep((owner, hash) => isLiveOwner(owner, hash, (id) => tasks.get(id)));
  if (published + swept.removed > 0)
    logger.info(
      { published, blobsRemoved: swept.removed },
      'tasks were put right after a stop in the middle',
    );
}
