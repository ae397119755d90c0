import type { ErrorRecord } from '../../../kernel/errors/index.js';

/** Where a task is in its life. */
export const taskStates = ['uploading', 'queued', 'leased', 'done', 'failed', 'cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/** What is to be done to a file. */
export interface TaskFilter {
  readonly name: string;
  /** As the filter's schema has them, with its defaults. */
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
}

/** A file that is stored as a blob. */
export interface StoredFile {
  readonly hash: string;
  readonly bytes: number;
  /** As in `image/png`. */
  readonly mediaType: string;
}

/** One change of state, with its cause in a sentence. */
export interface TaskEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: TaskState;
  readonly cause: string;
}

/** One file to be processed, and what became of it. Plain JSON. */
export interface Task {
  readonly id: string;
  /** The file's name, as it was uploaded. */
  readonly name: string;
  /** The upload that it came with. */
  readonly batch: string;
  readonly filter: TaskFilter;
  readonly state: TaskState;
  /** Who uploaded it; absent in open mode. */
  readonly user?: string;
  readonly createdAt: number;
  readonly original?: StoredFile;
  readonly result?: StoredFile;
  /** From 1 on, one more with each retry; its messages carry it. */
  readonly round: number;
  /** Deliveries to workers in this round. */
  readonly attempts: number;
  /** Who works on it, under which lease of the queue, and until when if nothing is heard. */
  readonly lease?: { readonly token: string; readonly worker: string; readonly until: number };
  /** Why it failed; of the last attempt while it is queued again. */
  readonly error?: ErrorRecord;
  /** The latest changes, oldest first; at most `historyLimit`. */
  readonly history: readonly TaskEvent[];
}

/** Changes that a task remembers. */
export const historyLimit = 50;

/** What may happen to a task; `at` is in milliseconds since 1970. */
export type TaskCommand = { readonly at: number } & (
  | {
      readonly type: 'create';
      readonly id: string;
      readonly name: string;
      readonly batch: string;
      readonly filter: TaskFilter;
      readonly user?: string;
    }
  | { readonly type: 'uploaded'; readonly original: StoredFile }
  | {
      readonly type: 'take';
      readonly worker: string;
      readonly lease: string;
      readonly until: number;
      readonly maxAttempts: number;
    }
  | { readonly type: 'extend'; readonly lease: string; readonly until: number }
  | { readonly type: 'complete'; readonly lease: string; readonly result: StoredFile }
  | {
      readonly type: 'fail';
      readonly lease: string;
      readonly error: ErrorRecord;
      /** Whether another attempt could come out differently. */
      readonly retryable: boolean;
      readonly maxAttempts: number;
    }
  | { readonly type: 'give-back'; readonly lease: string; readonly cause: string }
  | { readonly type: 'cancel'; readonly by: string }
  | { readonly type: 'retry'; readonly by: string }
);
