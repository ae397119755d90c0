import type { Blobs, ByteRange } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Queue, QueueStats, Queues } from '../../kernel/queue/index.js';
import type { Lease, State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { Changes } from './changes.js';
import { messageOf } from './message.js';
import { type Progress, TaskIndex, type TaskScope } from './progress/index.js';
import { putRight } from './put-right.js';
import { followTasks, TaskStore } from './store/index.js';
import type { Task } from './task/index.js';
import type { TaskFile, TaskPage, TaskQuery, Tasks, Upload, Uploaded } from './tasks-api.js';
import { Uploads } from './uploads.js';
import { Work, type WorkRules } from './work.js';

/** The queue between uploads and workers. */
const queueName = 'tasks';
/** How long the queue knows that a task is in it. */
const rememberMs = 7 * 24 * 3_600_000;
/** The queue itself never gives a message up: how often a task is tried is the task's own matter. */
const maxDeliveries = 1_000;
/** How long an upload outlives its process. */
const uploadLeaseMs = 60_000;

export interface OpenTasksOptions {
  readonly state: State;
  readonly queues: Queues;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** Tasks that may wait. Default 100,000. */
  readonly capacity?: number;
  /** The most bytes of an original. Default 100 MB. */
  readonly maxUploadBytes?: number;
  /** Default: 60 s of silence, 5 attempts, results of 200 MB. */
  readonly rules?: Partial<WorkRules>;
}

/**
 * Opens the system over a state, queues and blobs, which stay their opener's. What a crash left is put right first:
 * uploads that were broken off are gone, tasks whose message was not written get it, and blobs that nobody needs are
 * removed.
 */
export async function openTasks(options: OpenTasksOptions): Promise<Tasks> {
  const { state, queues, blobs, clock, logger, capacity = 100_000, maxUploadBytes = 100_000_000 } = options;
  const settings = { capacity, maxDeliveries, deduplicationMs: rememberMs };
  const queue = await queues.open(queueName, settings);
  const lease = await state.lease(uploadLeaseMs);
  const store = new TaskStore(state);
  const rules: WorkRules = { leaseMs: 60_000, maxAttempts: 5, maxResultBytes: 200_000_000, ...options.rules };
  const index = new TaskIndex();
  const changes = new Changes();
  const stop = new AbortController();
  const following = followTasks({
    state,
    store,
    index,
    now: () => clock.now(),
    onChange: () => changes.tell(),
    signal: stop.signal,
  });
  following.ended.catch((error: unknown) => logger.error({ err: error }, 'tasks are not followed any more'));
  await following.filled;
  await putRight({ store, queue, blobs, logger });
  const uploads = new Uploads({ store, queue, blobs, clock, lease: lease.id, maxUploadBytes });
  const work = new Work({ store, queue, blobs, clock, rules });
  return new OpenedTasks({
    store,
    queue,
    blobs,
    clock,
    index,
    changes,
    uploads,
    work,
    lease,
    stop,
    following,
    logger,
    maxUploadBytes,
  });
}

interface Parts {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly index: TaskIndex;
  readonly changes: Changes;
  readonly uploads: Uploads;
  readonly work: Work;
  readonly lease: Lease;
  readonly stop: AbortController;
  readonly following: { readonly ended: Promise<void> };
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly maxUploadBytes: number;
}

class OpenedTasks implements Tasks {
  readonly maxUploadBytes: number;
  readonly #parts: Parts;
  #keepAlive: { cancel(): void } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.maxUploadBytes = parts.maxUploadBytes;
    this.#keepUploading();
  }

  upload(upload: Upload): Promise<Uploaded> {
    return this.#parts.uploads.upload(upload);
  }

  get(id: string): Promise<Task> {
    return this.#parts.store.get(id);
  }

  async list(query: TaskQuery = {}): Promise<TaskPage> {
    const { store, index } = this.#parts;
    const { limit = 100, after, ...selection } = query;
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000)
      throw new StarlingError(
        'input-invalid',
        `A page of ${limit} tasks cannot be given. Ask for 1 to 1,000.`,
      );
    const ids = index.select(selection, limit + 1, after);
    const found = await Promise.all(ids.slice(0, limit).map((id) => store.find(id)));
    const next = ids.length > limit ? ids[limit - 1] : undefined;
    return { tasks: found.filter((task) => task !== undefined), ...(next === undefined ? {} : { next }) };
  }

  progress(scope: TaskScope = {}): Progress {
    const { index, clock } = this.#parts;
    return index.progress(scope, clock.now());
  }

  async *watchProgress(scope: TaskScope, signal: AbortSignal): AsyncGenerator<Progress> {
    const { changes } = this.#parts;
    let told = '';
    for (let change = changes.next(signal); ; change = changes.next(signal)) {
      const progress = this.progress(scope);
      const counts = JSON.stringify(progress.counts);
      // changes of other tasks are none of these
      if (counts !== told) yield progress;
      told = counts;
      if (!(await change)) return;
    }
  }

  async read(id: string, which: 'original' | 'result', range?: ByteRange): Promise<TaskFile> {
    const { store, blobs } = this.#parts;
    const task = await store.get(id);
    const file = task[which];
    if (file !== undefined) {
      const stream = await blobs.read(file.hash, range);
      if (which === 'original') stream.once('error', (error) => this.#unreadable(task, error));
      return { file, stream };
    }
    const message = `Task ${id} is ${task.state} and has no ${which}${task.error === undefined ? '' : `: ${task.error.message}`}`;
    throw new StarlingError('result-not-ready', message, { details: { task: id, state: task.state } });
  }

  cancel(id: string, by: string): Promise<Task> {
    const { store, clock } = this.#parts;
    return store.apply(id, { type: 'cancel', at: clock.wallTime(), by });
  }

  async retry(id: string, by: string): Promise<Task> {
    const { store, queue, clock } = this.#parts;
    const { fill, capacity } = await queue.stats();
    if (fill >= 1)
      throw new StarlingError('queue-full', `${capacity} tasks wait already. Retry when some are done.`);
    const task = await store.apply(id, { type: 'retry', at: clock.wallTime(), by });
    const { body, options } = messageOf(task);
    await queue.publish(body, options);
    return task;
  }

  async retryFailed(scope: TaskScope, by: string): Promise<readonly string[]> {
    const { index } = this.#parts;
    const selection = { state: 'failed', ...scope } as const;
    const retried: string[] = [];
    for (const id of index.select(selection, Number.POSITIVE_INFINITY)) {
      try {
        await this.retry(id, by);
        retried.push(id);
      } catch (thrown) {
        // somebody else retried it, or removed it, in this moment
        if (!['revision-conflict', 'not-found'].includes(StarlingError.from(thrown).code)) throw thrown;
      }
    }
    return retried;
  }

  take(...given: Parameters<Tasks['take']>): ReturnType<Tasks['take']> {
    return this.#parts.work.take(...given);
  }

  extend(...given: Parameters<Tasks['extend']>): Promise<Task> {
    return this.#parts.work.extend(...given);
  }

  complete(...given: Parameters<Tasks['complete']>): Promise<Task> {
    return this.#parts.work.complete(...given);
  }

  fail(...given: Parameters<Tasks['fail']>): Promise<Task> {
    return this.#parts.work.fail(...given);
  }

  giveBack(...given: Parameters<Tasks['giveBack']>): Promise<Task> {
    return this.#parts.work.giveBack(...given);
  }

  queueStats(): Promise<QueueStats> {
    return this.#parts.queue.stats();
  }

  async close(): Promise<void> {
    const { stop, following, lease, changes } = this.#parts;
    this.#keepAlive?.cancel();
    stop.abort();
    changes.close();
    await Promise.allSettled([following.ended]);
    await lease.revoke();
  }

  /** A worker learns of a damaged original only that the connection broke: the task fails here, with the reason. */
  #unreadable({ id, lease }: Task, thrown: Error): void {
    const error = StarlingError.from(thrown, 'storage-failed');
    if (lease === undefined || error.code !== 'blob-damaged') return;
    this.fail(id, lease.token, { error: error.toRecord(), retryable: false }).catch((untold: unknown) => {
      this.#parts.logger.error(
        { err: untold, task: id },
        'a task whose original is damaged could not be failed',
      );
    });
  }

  /** The records of uploads stay while this process lives. */
  #keepUploading(): void {
    const { clock, lease, logger } = this.#parts;
    this.#keepAlive = clock.timer(uploadLeaseMs / 3, () => {
      this.#keepUploading();
      lease
        .keepAlive()
        .catch((error: unknown) => logger.error({ err: error }, 'uploads are not kept any more'));
    });
  }
}
