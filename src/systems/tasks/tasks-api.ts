import type { Readable } from 'node:stream';
import type { ByteRange } from '../../kernel/blobs/index.js';
import type { ErrorRecord } from '../../kernel/errors/index.js';
import type { QueueStats } from '../../kernel/queue/index.js';
import type { Progress, TaskScope } from './progress/index.js';
import type { Resumable } from './resumable/resumable.js';
import type { StoredFile, Task, TaskFilter, TaskState } from './task/index.js';

/** A file that somebody uploads. */
export interface Upload {
  /** The file's name; within a batch it stands for one file. */
  readonly name: string;
  /** The upload that it comes with. */
  readonly batch: string;
  readonly filter: TaskFilter;
  /** What the uploader says that it is; the worker looks for itself. */
  readonly mediaType: string;
  readonly source: AsyncIterable<Uint8Array>;
  /** What all bytes together have to have as their SHA-256, hexadecimal: others are refused with `input-invalid`. */
  readonly sha256?: string;
  /** Absent in open mode. */
  readonly user?: string;
  /** Set when the uploader is gone. */
  readonly signal?: AbortSignal;
}

/** What became of an upload. */
export interface Uploaded {
  readonly task: Task;
  /** Whether the same file had been uploaded before in its batch: `task` is that. */
  readonly duplicate: boolean;
}

/** Which tasks somebody wants to see. */
export interface TaskQuery {
  readonly state?: TaskState;
  readonly batch?: string;
  readonly filter?: string;
  /** Only those that this person uploaded. */
  readonly user?: string;
  /** 1 to 1,000. Default 100. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** One page of tasks, oldest first. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  readonly next?: string;
}

/** A task as a worker gets it. */
export interface TakenTask {
  readonly task: Task;
  /** To be given with everything the worker says of the task. */
  readonly lease: string;
  /** Milliseconds that it may be silent. */
  readonly leaseMs: number;
}

export interface TakeTasks {
  /** The worker's name, for people. */
  readonly worker: string;
  readonly max: number;
  /** How long to wait for the first one, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** A file that is read. */
export interface TaskFile {
  readonly file: StoredFile;
  readonly stream: Readable;
}

/**
 * What the gateway and the CLI see of the system: uploads, what became of them, and the contract of workers. Times are
 * milliseconds since 1970, unless said otherwise.
 */
export interface Tasks {
  /** The most bytes of an original. */
  readonly maxUploadBytes: number;
  /** Files that come in pieces, and go on where they broke off. */
  readonly resumable: Resumable;
  /**
   * Stores the file, and puts its task into the queue; resolves when both are on disk. Where the source fails, nothing is
   * left of it. Throws `input-invalid` for an empty file, `input-too-large`, `queue-full`, `storage-full`, and
   * `revision-conflict` where another file of that name is in the batch.
   */
  upload(upload: Upload): Promise<Uploaded>;
  /** Throws `not-found`. */
  get(id: string): Promise<Task>;
  list(query?: TaskQuery): Promise<TaskPage>;
  /** Counts of a batch, of what a person uploaded, or of all tasks. */
  progress(scope?: TaskScope): Progress;
  /** The progress now, and after each change; several changes at once are told once. */
  watchProgress(scope: TaskScope, signal: AbortSignal): AsyncIterable<Progress>;
  /**
   * Throws `not-found`, and `result-not-ready` where a result is not there. The stream fails with `blob-damaged`; a task
   * that is worked on then has failed, since no worker can read its original. Whoever has just read the task gives it
   * instead of its id, and it is not read again.
   */
  read(of: string | Task, which: 'original' | 'result', range?: ByteRange): Promise<TaskFile>;
  /** Throws `not-found`, `task-ended`. */
  cancel(id: string, by: string): Promise<Task>;
  /** Throws `not-found`, `revision-conflict`, `queue-full`. */
  retry(id: string, by: string): Promise<Task>;
  /** Retries every failed task of a batch, of a person, or all; the ids of those. Stops at `queue-full`. */
  retryFailed(scope: TaskScope, by: string): Promise<readonly string[]>;

  /** Tasks for a worker; none where the time is over. */
  take(take: TakeTasks): Promise<readonly TakenTask[]>;
  /** Throws `lease-lapsed`, `not-found`. */
  extend(id: string, lease: string): Promise<Task>;
  /** Stores the result; the task is done. Throws `lease-lapsed`, `not-found`, `input-too-large`, `storage-full`. */
  complete(
    id: string,
    lease: string,
    result: { readonly source: AsyncIterable<Uint8Array>; readonly mediaType: string },
  ): Promise<Task>;
  /** Throws `lease-lapsed`, `not-found`. */
  fail(
    id: string,
    lease: string,
    failure: { readonly error: ErrorRecord; readonly retryable: boolean },
  ): Promise<Task>;
  /** Hands a task back, unharmed. Throws `lease-lapsed`, `not-found`. */
  giveBack(id: string, lease: string, cause: string): Promise<Task>;

  /** Of the queue between uploads and workers. */
  queueStats(): Promise<QueueStats>;
  close(): Promise<void>;
}
