import { join } from 'node:path';
import { openLocalBlobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { openLocalQueues, type Queues } from '../../kernel/queue/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { openPhotos, openTasks, type Photos, type Tasks } from '../../systems/tasks/index.js';

/** Files that are uploaded and worked on, with what they rest on; its owner closes it before the state. */
export interface TaskSystem {
  readonly tasks: Tasks;
  readonly queues: Queues;
  readonly photos: Photos;
  close(): Promise<void>;
}

/** Opens the system in the folders `queue` and `blobs` of a gateway's own, over its state. */
export async function openTaskSystem({
  folder,
  state,
  clock,
  logger,
}: {
  /** The gateway's folder. */
  readonly folder: string;
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<TaskSystem> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const queues = await openLocalQueues({ folder: join(folder, 'queue'), clock, logger });
    closers.push(() => queues.close());
    const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
    closers.push(() => blobs.close());
    const tasks = await openTasks({ state, queues, blobs, clock, logger });
    closers.push(() => tasks.close());
    return { tasks, queues, photos: openPhotos({ state, tasks }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
