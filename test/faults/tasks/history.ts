import type { QueueStats } from '../../../src/kernel/queue/index.js';
import type { Progress } from '../../../src/systems/tasks/index.js';
import type { MadeFile } from './made-files.js';

/** A task as it was seen. */
export interface SeenTask {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly original?: { readonly hash: string };
  readonly result?: { readonly hash: string };
  readonly error?: { readonly code: string; readonly message: string };
}

/** A worker that was told that its result, or its failure, counts. */
export interface Accepted {
  readonly worker: string;
  readonly task: string;
}

/** All that was recorded of a run. */
export interface History {
  readonly files: readonly Omit<MadeFile, 'bytes'>[];
  /** What the uploader was told, once for each answer. */
  readonly uploaded: readonly { readonly name: string; readonly task: string }[];
  readonly accepted: readonly Accepted[];
  /** Tasks that had ended, as they were listed after each restart; oldest first. */
  readonly listings: readonly (readonly SeenTask[])[];
  /** All tasks at the end. */
  readonly final: readonly SeenTask[];
  readonly progress: Pick<Progress, 'counts' | 'total' | 'ended'>;
  readonly queue: Pick<QueueStats, 'ready' | 'delayed' | 'leased' | 'dead'>;
  /** Hashes of the files in the folder of the blobs. */
  readonly blobs: readonly string[];
  /** Of the result of each task that is done, SHA-256 of the bytes that were downloaded, by task. */
  readonly downloads: ReadonlyMap<string, string>;
  /** Processes of the run that were there after all were ended. */
  readonly orphans: readonly number[];
  /** What happened that nobody did: a process that ended by itself, an answer that is none of those documented. */
  readonly surprises: readonly string[];
}
