import type { Clock } from '../../kernel/clock/index.js';
import type { Queues } from '../../kernel/queue/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { openPhotos, openTasks, type Photos, type Tasks } from '../../systems/tasks/index.js';
import type { GatewayGround } from './gateway-ground.js';

/** Files that are uploaded and worked on, with what they rest on; its owner closes it before the engines. */
export interface TaskSystem {
  readonly tasks: Tasks;
  readonly queues: Queues;
  readonly photos: Photos;
  close(): Promise<void>;
}

/** Opens the system on the ground of a gateway. */
export async function openTaskSystem({
  ground: { engines, lead, isShared },
  clock,
  logger,
  leaseMs,
}: {
  readonly ground: Pick<GatewayGround, 'engines' | 'lead' | 'isShared'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a worker may be silent, in milliseconds; as the system has it if not given. */
  readonly leaseMs?: number | undefined;
}): Promise<TaskSystem> {
  const { state, queues, blobs } = engines;
  const tasks = await openTasks({
    ...{ state, queues, blobs, clock, logger },
    ...(isShared ? { lead } : {}),
    ...(leaseMs === undefined ? {} : { rules: { leaseMs } }),
  });
  return { tasks, queues, photos: openPhotos({ state, tasks }), close: () => tasks.close() };
}
