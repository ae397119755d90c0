import type { Blobs, ByteRange } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import type { Leadership } from '../../kernel/control/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Queue, QueueStats } from '../../kernel/queue/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { Changes } from './changes.js';
import type { InHand } from './in-hand/index.js';
import type { Progress, TaskIndex, TaskScope } from './progress/index.js';
import type { ResumableUploads } from './resumable/index.js';
import type { TaskStore } from './store/index.js';
import { type Task, taskAsOf } from './task/index.js';
import type { TaskFile, TaskPage, TaskQuery, Tasks, Upload, Uploaded } from './tasks-api.js';
import type { Uploads } from './uploads.js';
import type { Work } from './work.js';

/** What the system is made of; all but queue and blobs is its own. */
export interface TaskParts {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly index: TaskIndex;
  readonly changes: Changes;
  readonly uploads: Uploads;
  readonly resumable: ResumableUploads;
  readonly work: Work;
  readonly inHand: InHand;
  /** Of putting right what others leave; absent where there are no others. */
  readonly leadership: Leadership | undefined;
  readonly stop: AbortController;
  readonly following: { readonly ended: Promise<void> };
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly maxUploadBytes: number;
}

/** See `Tasks`. */
export class OpenedTasks implements Tasks {
  readonly maxUploadBytes: number;
  readonly resumable: ResumableUploads;
  readonly #parts: TaskParts;

  constructor(parts: TaskParts) {
    this.#parts = parts;
    this.maxUploadBytes = parts.maxUploadBytes;
    this.resumable = parts.resumable;
  }

  upload(upload: Upload): Promise<Uploaded> {
    return this.#parts.uploads.upload(upload);
  }

  async get(id: string): Promise<Task> {
    const { store, clock } = this.#parts;
    return taskAsOf(await store.get(id), clock.wallTime());
  }

  async list(query: TaskQuery = {}): Promise<TaskPage> {
    const { store, index, clock } = this.#parts;
    const { limit = 100, after, ...selection } = query;
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000)
      throw new StarlingError(
        'input-invalid',
        `A page of ${limit} tasks cannot be given. Ask for 1 to 1,000.`,
      );
    const ids = index.select(selection, clock.wallTime(), limit + 1, after);
    const found = await Promise.all(ids.slice(0, limit).map((id) => store.find(id)));
    const next = ids.length > limit ? ids[limit - 1] : undefined;
    const at = clock.wallTime();
    const tasks = found.flatMap((task) => (task === undefined ? [] : [taskAsOf(task, at)]));
    return { tasks, ...(next === undefined ? {} : { next }) };
  }

  progress(scope: TaskScope = {}): Progress {
    const { index, clock } = this.#parts;
    return index.progress(scope, clock.now(), clock.wallTime());
  }

  async *watchProgress(scope: TaskScope, signal: AbortSignal): AsyncGenerator<Progress> {
    const { changes, index, clock } = this.#parts;
    let told = '';
    for (let more = true; more; ) {
      const change = changes.next(signal);
      const at = clock.wallTime();
      const lapse = index.nextLapse(at);
      // a lease lapses without a word
      const timer = lapse === undefined ? undefined : clock.timer(lapse - at, () => changes.tell());
      try {
        const progress = this.progress(scope);
        const counts = JSON.stringify(progress.counts);
        // changes of other tasks are none of these
        if (counts !== told) yield progress;
        told = counts;
        more = await change;
      } finally {
        timer?.cancel();
      }
    }
  }

  async read(of: string | Task, which: 'original' | 'result', range?: ByteRange): Promise<TaskFile> {
    const { blobs } = this.#parts;
    const task = typeof of === 'string' ? await this.get(of) : of;
    const { id } = task;
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

  retry(id: string, by: string): Promise<Task> {
    return this.#parts.uploads.retry(id, by);
  }

  async retryFailed(scope: TaskScope, by: string): Promise<readonly string[]> {
    const { index, clock } = this.#parts;
    const selection = { state: 'failed', ...scope } as const;
    const retried: string[] = [];
    for (const id of index.select(selection, clock.wallTime(), Number.POSITIVE_INFINITY)) {
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
    const { stop, following, inHand, leadership, changes } = this.#parts;
    stop.abort();
    changes.close();
    await Promise.allSettled([following.ended, leadership?.close(), this.resumable.close()]);
    await inHand.close();
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
}
