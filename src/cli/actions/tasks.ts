import { StarlingError } from '../../kernel/errors/index.js';
import type { Task } from '../../systems/tasks/index.js';
import { apiPath } from '../client/api-client.js';
import type { PageView } from '../client/views.js';
import { amountText } from '../output/figures.js';
import { taskPage, tasksPage } from '../output/tasks-page.js';
import type { Session } from '../session.js';

/** Which tasks to list. */
export interface TaskChoice {
  readonly state?: string;
  readonly batch?: string;
  readonly filter?: string;
  readonly limit?: string;
  readonly after?: string;
}

/** `starling tasks list`. */
export async function listTasks(session: Session, choice: TaskChoice): Promise<void> {
  const page = await session.client().json<PageView<Task>>('/tasks', { query: { ...choice } });
  session.show(page, ({ items, next }) => {
    const more = next === undefined ? '' : `\n\nThere are more: add --after ${next}`;
    return tasksPage(items, session.terminal) + more;
  });
}

/** `starling tasks show`. */
export async function showTask(session: Session, id: string): Promise<void> {
  const task = await session.client().json<Task>(apiPath('tasks', id));
  session.show(task, (shown) => taskPage(shown, session.terminal));
}

/** `starling tasks cancel`. */
export async function cancelTask(session: Session, id: string): Promise<void> {
  const task = await session.client().json<Task>(`${apiPath('tasks', id)}/cancel`, { method: 'POST' });
  session.show(task, (shown) => `Task ${shown.id} is cancelled.`);
}

/** `starling tasks retry`: one, or all that failed. Throws `input-invalid` where neither is named. */
export async function retryTasks(
  session: Session,
  id: string | undefined,
  { failed = false, batch }: { readonly failed?: boolean; readonly batch?: string },
): Promise<void> {
  if ((id === undefined) === !failed)
    throw new StarlingError(
      'input-invalid',
      'Name one task, or --failed for all that failed, of one --batch or of all.',
    );
  if (id !== undefined) {
    const task = await session.client().json<Task>(`${apiPath('tasks', id)}/retry`, { method: 'POST' });
    session.show(task, (shown) => `Task ${shown.id} waits for a worker again.`);
    return;
  }
  const body = batch === undefined ? {} : { batch };
  const retried = await session.client().json<{ tasks: string[] }>('/tasks/retry', { method: 'POST', body });
  session.show(retried, ({ tasks }) => `Tried again: ${amountText(tasks.length, 'task')}.`);
}
