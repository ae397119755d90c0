import type { Published, PublishOptions, Queue } from '../../kernel/queue/index.js';
import type { Task } from './task/index.js';

/** What the queue says of a task: which, and which of its rounds. */
export interface TaskMessage {
  readonly task: string;
  readonly round: number;
}

/** The message of a task, with the id that keeps it from being in the queue twice. */
function messageOf({ id, round }: Pick<Task, 'id' | 'round'>): {
  readonly body: Uint8Array;
  readonly options: PublishOptions;
} {
  const message: TaskMessage = { task: id, round };
  return { body: Buffer.from(JSON.stringify(message)), options: { id: `${id}/${round}` } };
}

/** Has a task be in the queue, once. Throws what `Queue.publish` throws. */
export function publishTask(queue: Queue, task: Pick<Task, 'id' | 'round'>): Promise<Published> {
  const { body, options } = messageOf(task);
  return queue.publish(body, options);
}

/** Reads a message. */
export function readMessage(body: Uint8Array): TaskMessage {
  return JSON.parse(Buffer.from(body).toString('utf8')) as TaskMessage;
}
