import { StarlingError } from '../../../kernel/errors/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { TaskIndex } from '../progress/index.js';
import type { Task } from '../task/index.js';
import { type TaskStore, taskPrefix } from './task-store.js';

export interface FollowTasksOptions {
  readonly state: State;
  readonly store: TaskStore;
  readonly index: TaskIndex;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Told after each group of changes. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/**
 * Fills the index, and keeps it in step with what is stored until `signal`. `filled` resolves when it has everything
 * there was; `ended` when it does not follow any more, and rejects where the store ended it.
 */
export function followTasks(options: FollowTasksOptions): { filled: Promise<void>; ended: Promise<void> } {
  let fill = () => {};
  const filled = new Promise<void>((resolve) => {
    fill = resolve;
  });
  const ended = follow(options, fill);
  return { filled: Promise.race([filled, ended]), ended };
}

async function follow(options: FollowTasksOptions, filled: () => void): Promise<void> {
  const { state, store, index, now, onChange, signal } = options;
  while (!signal.aborted) {
    const gone = new Set(index.select({}, Number.POSITIVE_INFINITY));
    const revision = await store.all((task) => {
      gone.delete(task.id);
      index.put(task);
    });
    for (const id of gone) index.remove(id);
    filled();
    onChange();
    try {
      for await (const { changes } of state.watch(taskPrefix, { fromRevision: revision + 1, signal })) {
        for (const change of changes) {
          if (change.type === 'put') index.put(change.entry.value as unknown as Task, now());
          else index.remove(change.key.slice(taskPrefix.length));
        }
        onChange();
      }
    } catch (thrown) {
      if (StarlingError.from(thrown).code !== 'history-compacted') throw thrown;
    }
  }
}
