import type { Blobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import type { Lead, Leadership } from '../../kernel/control/index.js';
import type { Queues } from '../../kernel/queue/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { Changes } from './changes.js';
import {
  forgetProcess,
  InHand,
  type KeepRightParts,
  KnownTasks,
  keepRight,
  openedInto,
  putAllRight,
  unclosedProcesses,
} from './in-hand/index.js';
import { OpenedTasks } from './opened-tasks.js';
import { TaskIndex } from './progress/index.js';
import { ResumableUploads } from './resumable/index.js';
import { followTasks, TaskStore } from './store/index.js';
import type { Tasks, Upload } from './tasks-api.js';
import { Uploads } from './uploads.js';
import { Work, type WorkRules } from './work.js';

/** The queue between uploads and workers. */
const queueName = 'tasks';
/** How long the queue knows that a task is in it. */
const rememberMs = 7 * 24 * 3_600_000;
/** The queue itself never gives a message up: how often a task is tried is the task's own matter. */
const maxDeliveries = 1_000;

export interface OpenTasksOptions {
  readonly state: State;
  readonly queues: Queues;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /**
   * How one of several processes on the same state, queues and blobs is chosen to put right what others left. Absent where
   * this is the only one: what is being uploaded when it opens is then of a process that is gone.
   */
  readonly lead?: Lead;
  /** Tasks that may wait. Default 100,000. */
  readonly capacity?: number;
  /** The most bytes of an original. Default 100 MB. */
  readonly maxUploadBytes?: number;
  /** Default: 60 s of silence, 5 attempts, results of 200 MB. */
  readonly rules?: Partial<WorkRules>;
}

/**
 * Opens the system over a state, queues and blobs, which stay their opener's. What a process left that ended in the middle
 * is put right: uploads that were broken off are gone, tasks whose message was not written get it, and blobs that nobody
 * needs are removed. One that works alone looks at all tasks for it before this resolves; of several the one that leads looks at what
 * another had in hand, whenever one has gone.
 */
export async function openTasks(options: OpenTasksOptions): Promise<Tasks> {
  const { state, queues, blobs, clock, logger, capacity = 100_000, maxUploadBytes = 100_000_000 } = options;
  const settings = { capacity, maxDeliveries, deduplicationMs: rememberMs };
  const queue = await queues.open(queueName, settings);
  const store = new TaskStore(state);
  const rules: WorkRules = { leaseMs: 60_000, maxAttempts: 5, maxResultBytes: 200_000_000, ...options.rules };
  const index = new TaskIndex();
  const changes = new Changes();
  const stop = new AbortController();
  const onChange = () => changes.tell();
  const alone = options.lead === undefined ? new KnownTasks() : undefined;
  const following = followTasks({
    ...{ state, store, index, clock, logger, onChange },
    ...(alone === undefined ? {} : { onFound: (task) => alone.take(task) }),
    signal: stop.signal,
  });
  following.ended.catch((error: unknown) => logger.error({ err: error }, 'tasks are not followed any more'));
  await following.filled;
  const inHand = new InHand({ state, clock, logger });
  const uploads = new Uploads({ store, queue, blobs, clock, inHand, maxUploadBytes });
  const upload = (coming: Upload) => uploads.upload(coming);
  const resumable = new ResumableUploads({ state, blobs, clock, logger, inHand, maxUploadBytes, upload });
  const parts = { state, store, queue, blobs, logger, resumable };
  if (alone !== undefined) {
    await removeBrokenOff(store, alone);
    await putAllRight(parts, alone);
    for (const { lease } of await unclosedProcesses(state)) await forgetProcess(state, lease);
  }
  await resumable.removeExpired();
  const leadership = options.lead === undefined ? undefined : await join({ ...parts, inHand }, options.lead);
  const work = new Work({ store, queue, blobs, clock, inHand, rules });
  return new OpenedTasks({
    ...{ store, queue, blobs, clock, logger, index, changes, uploads, resumable, work, stop, following },
    ...{ inHand, leadership, maxUploadBytes },
  });
}

/** Has the others learn by its lease when this process has gone, whatever it was doing; and strives to do the same for them. */
async function join(parts: Omit<KeepRightParts, 'past'>, lead: Lead): Promise<Leadership> {
  await parts.inHand.held();
  const past = await openedInto(parts.state);
  return lead('tasks', (signal) => keepRight({ ...parts, past }, signal));
}

/** This process has begun no upload yet, and the names are wanted for another try. */
async function removeBrokenOff(store: TaskStore, known: KnownTasks): Promise<void> {
  for (const { id, state } of [...known.values()]) {
    if (state !== 'uploading') continue;
    await store.withdraw(id);
    known.delete(id);
  }
}
