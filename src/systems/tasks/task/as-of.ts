import type { Task, TaskEvent, TaskState } from './task.js';

/**
 * The state of a task at a time, in milliseconds since 1970: one whose lease has lapsed waits for a worker, though its
 * record says so only once somebody takes it. Pure.
 */
export function stateAsOf({ state, lease }: Pick<Task, 'state' | 'lease'>, at: number): TaskState {
  return state === 'leased' && lease !== undefined && lease.until <= at ? 'queued' : state;
}

/** A task as it is at a time, in milliseconds since 1970. Pure. */
export function taskAsOf(task: Task, at: number): Task {
  const state = stateAsOf(task, at);
  if (state === task.state) return task;
  const { lease, ...kept } = task;
  const cause = `nothing more was heard of ${lease?.worker ?? 'its worker'}; it waits for another`;
  const event: TaskEvent = { at: lease?.until ?? at, state, cause };
  return { ...kept, state, history: [...task.history, event] };
}
