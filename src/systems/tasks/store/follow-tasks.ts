import { type Clock, rest } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { TaskIndex } from '../progress/index.js';
import type { Task } from '../task/index.js';
import { type TaskStore, taskPrefix } from './task-store.js';

export interface FollowTasksOptions {
  readonly state: State;
  readonly store: TaskStore;
  readonly index: TaskIndex;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Told of each task that is there at the beginning. */
  readonly onFound?: (task: Task) => void;
  /** Told after each group of changes. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** How soon it is tried again where the store cannot be read, in milliseconds. */
const againMs = 1_000;

/**
 * Fills the index, and keeps it in step with what is stored, whoever writes it, until `signal`. `filled` resolves when it
 * has everything there was, and rejects where that cannot be read; `ended` when it does not follow any more, and rejects
 * where the store ended it.
 */
export function followTasks(options: FollowTasksOptions): { filled: Promise<void>; ended: Promise<void> } {
  const filled = fill(options, options.onFound);
  return {
    filled: filled.then(() => undefined),
    ended: filled.then((revision) => follow(options, revision)),
  };
}

/** Has the index know what there is, and nothing else; the revision to go on from. */
async function fill(
  { store, index, onChange }: FollowTasksOptions,
  onFound?: (task: Task) => void,
): Promise<number> {
  const gone = new Set(index.ids());
  const revision = await store.all((task) => {
    gone.delete(task.id);
    index.put(task);
    onFound?.(task);
  });
  for (const id of gone) index.remove(id);
  onChange();
  return revision + 1;
}

async function follow(options: FollowTasksOptions, first: number): Promise<void> {
  const { state, index, clock, logger, onChange, signal } = options;
  let from: number | undefined = first;
  while (!signal.aborted) {
    try {
      from ??= await fill(options);
      for await (const { revision, changes } of state.watch(taskPrefix, { fromRevision: from, signal })) {
        for (const change of changes) {
          if (change.type === 'put') index.put(change.entry.value as unknown as Task, clock.now());
          else index.remove(change.key.slice(taskPrefix.length));
        }
        from = revision + 1;
        onChange();
      }
      from = undefined;
    } catch (thrown) {
      const { code } = StarlingError.from(thrown);
      if (code === 'shutting-down') throw thrown;
      if (code === 'history-compacted') {
        from = undefined;
        continue;
      }
      logger.warn({ err: thrown }, 'tasks cannot be followed; it is tried again');
      await rest(againMs, clock, signal);
    }
  }
}
