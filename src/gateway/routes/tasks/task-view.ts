import type { Task } from '../../../systems/tasks/index.js';
import { publicError } from '../../problem.js';
import type { TaskView } from '../../schemas/task.js';

/** A task as people and workers see it, without the lease that lets its worker speak of it. */
export function taskView({ lease, error, ...task }: Task): TaskView {
  return {
    ...task,
    ...(lease === undefined ? {} : { worker: { name: lease.worker, until: lease.until } }),
    ...(error === undefined ? {} : { error: publicError(error) }),
  };
}

/** As `taskView`, for lists. */
export function listedTask(task: Task): TaskView {
  const { history: _, ...view } = taskView(task);
  return view;
}
