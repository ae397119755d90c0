import type { Settings } from '../../lab/settings.js';

/** What a run consists of. */
export interface TasksSettings {
  readonly seed: number;
  readonly tasks: number;
  readonly workers: number;
  readonly faults: number;
  /** How long a worker may be silent, in milliseconds. */
  readonly leaseMs: number;
}

/** A task is two operations: its upload and its end. Throws where it is to end by time: it ends with its files. */
export function tasksSettings({ seed, operations, minutes }: Settings): TasksSettings {
  if (minutes !== undefined)
    throw new Error('The suite tasks ends with its files: give operations, not minutes.');
  const tasks = Math.ceil(operations / 2);
  return { seed, tasks, workers: 3, faults: Math.ceil(tasks / 12), leaseMs: 1_500 };
}
