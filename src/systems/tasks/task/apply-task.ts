import { StarlingError } from '../../../kernel/errors/index.js';
import { historyLimit, type Task, type TaskCommand, type TaskEvent, type TaskState } from './task.js';

type Command<Type extends TaskCommand['type']> = Extract<TaskCommand, { readonly type: Type }>;

/**
 * The life of a task as a state machine: `uploading → queued → leased → done | failed | cancelled`, back to `queued` where
 * an attempt failed or its worker gave it back, and from `failed` and `cancelled` where it is retried. Pure; times come in
 * the commands. Who has another lease than the task is told `lease-lapsed`, so that there is one result, whatever a
 * worker that was thought dead still sends.
 *
 * Throws `lease-lapsed`, `task-ended` where the task has come to its end, `not-found` where there is no such task, and
 * `revision-conflict` where there is one already.
 */
export function applyTask(task: Task | undefined, command: TaskCommand): Task {
  if (command.type === 'create') return create(task, command);
  if (task === undefined)
    throw new StarlingError('not-found', 'There is no such task. It may have been removed.');
  switch (command.type) {
    case 'uploaded':
      return uploaded(task, command);
    case 'take':
      return take(task, command);
    case 'extend':
      return { ...task, lease: { ...leaseOf(task, command.lease), until: command.until } };
    case 'complete':
      return complete(task, command);
    case 'fail':
      return fail(task, command);
    case 'give-back':
      return giveBack(task, command);
    case 'cancel':
      return cancel(task, command);
    case 'retry':
      return retry(task, command);
  }
}

/** Whether the task has come to its end: nothing happens to it any more unless it is retried. */
export function hasEnded({ state }: Pick<Task, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

function create(task: Task | undefined, { at, id, name, batch, filter, user }: Command<'create'>): Task {
  if (task !== undefined) {
    const message = `There is a task ${id} already. Give each upload an id of its own.`;
    throw new StarlingError('revision-conflict', message, { details: { task: id } });
  }
  return {
    id,
    name,
    batch,
    filter,
    state: 'uploading',
    ...(user === undefined ? {} : { user }),
    createdAt: at,
    round: 1,
    attempts: 0,
    history: [{ at, state: 'uploading', cause: `${user ?? 'somebody'} began to upload it` }],
  };
}

function uploaded(task: Task, { at, original }: Command<'uploaded'>): Task {
  if (task.state !== 'uploading') throw ended(task, 'was uploaded already');
  return { ...to(task, 'queued', at, 'it is uploaded, and waits for a worker'), original };
}

function take(task: Task, { at, worker, lease, until, maxAttempts }: Command<'take'>): Task {
  if (hasEnded(task)) throw ended(task, 'is not to be worked on any more');
  if (task.original === undefined) throw notUploaded(task);
  if (task.attempts >= maxAttempts) {
    const times = maxAttempts === 1 ? 'one worker' : `${maxAttempts} workers in a row`;
    const message = `Task ${task.id} was given to ${times}, and none of them finished or said why; the last was ${task.lease?.worker ?? 'not known'}. Look into the log of the workers, then retry it.`;
    const error = new StarlingError('worker-lost', message, { details: { task: task.id } }).toRecord();
    return { ...to(task, 'failed', at, 'no worker finished it'), error };
  }
  const before = task.lease === undefined ? '' : `, after the lease of ${task.lease.worker} had lapsed`;
  return {
    ...to(task, 'leased', at, `${worker} took it${before}`),
    attempts: task.attempts + 1,
    lease: { token: lease, worker, until },
  };
}

function complete(task: Task, { at, lease, result }: Command<'complete'>): Task {
  const { worker } = leaseOf(task, lease);
  const { error: _, ...done } = to(task, 'done', at, `${worker} finished it`);
  return { ...done, result };
}

function fail(task: Task, { at, lease, error, retryable, maxAttempts }: Command<'fail'>): Task {
  const { worker } = leaseOf(task, lease);
  if (retryable && task.attempts < maxAttempts)
    return {
      ...to(task, 'queued', at, `${worker} failed (${error.message}); it waits for another attempt`),
      error,
    };
  return { ...to(task, 'failed', at, `${worker} failed: ${error.message}`), error };
}

/** Not the fault of the file: the attempt does not count. */
function giveBack(task: Task, { at, lease, cause }: Command<'give-back'>): Task {
  const { worker } = leaseOf(task, lease);
  return { ...to(task, 'queued', at, `${worker} gave it back: ${cause}`), attempts: task.attempts - 1 };
}

function cancel(task: Task, { at, by }: Command<'cancel'>): Task {
  if (hasEnded(task)) throw ended(task, 'cannot be cancelled any more');
  return to(task, 'cancelled', at, `${by} cancelled it`);
}

function retry(task: Task, { at, by }: Command<'retry'>): Task {
  const { state, original } = task;
  if (original === undefined) throw notUploaded(task);
  if (state !== 'failed' && state !== 'cancelled') {
    const message = `Task ${task.id} is ${state}; only what failed or was cancelled can be retried.`;
    throw new StarlingError('revision-conflict', message, { details: { task: task.id, state } });
  }
  const { error: _, ...queued } = to(task, 'queued', at, `${by} asked for another try`);
  return { ...queued, round: task.round + 1, attempts: 0 };
}

/** The task in another state, under no lease. */
function to(task: Task, state: TaskState, at: number, cause: string): Task {
  const { lease: _, ...kept } = task;
  const event: TaskEvent = { at, state, cause };
  return { ...kept, state, history: [...task.history, event].slice(-historyLimit) };
}

function leaseOf(task: Task, token: string): NonNullable<Task['lease']> {
  if (task.state === 'leased' && task.lease?.token === token) return task.lease;
  const why =
    task.state === 'leased'
      ? `another worker (${task.lease?.worker}) has the task now`
      : `the task is ${task.state}`;
  throw new StarlingError(
    'lease-lapsed',
    `The lease of task ${task.id} has lapsed: ${why}. Drop the work, and take anew.`,
    {
      details: { task: task.id, state: task.state },
    },
  );
}

function notUploaded({ id, state }: Task): StarlingError {
  const message = `Task ${id} was not uploaded whole. Upload the file again.`;
  return new StarlingError('revision-conflict', message, { details: { task: id, state } });
}

function ended(task: Task, what: string): StarlingError {
  const { id, state, history } = task;
  const message = `Task ${id} ${what}: it is ${state} (${history.at(-1)?.cause ?? 'no cause is known'}).`;
  return new StarlingError('task-ended', message, { details: { task: id, state } });
}
