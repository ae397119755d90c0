import type { BlobInfo, Blobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Delivery, Queue } from '../../kernel/queue/index.js';
import { resultOwner } from './blob-owners.js';
import type { InHand } from './in-hand/index.js';
import { readMessage } from './message.js';
import { mayBeRecorded, type TaskStore } from './store/index.js';
import { hasEnded, type Task } from './task/index.js';
import type { TakenTask, TakeTasks, Tasks } from './tasks-api.js';

/** How workers are held to their leases. */
export interface WorkRules {
  /** How long a worker may be silent, in milliseconds. */
  readonly leaseMs: number;
  /** Deliveries, or failures that may pass, before a task has failed. */
  readonly maxAttempts: number;
  /** The most bytes of a result. */
  readonly maxResultBytes: number;
}

export interface WorkParts {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly inHand: Pick<InHand, 'held'>;
  readonly rules: WorkRules;
}

/** Before a failed attempt is made again, in milliseconds: 1 s, doubled with each, one minute at most. */
const retryDelayMs = (attempts: number) => Math.min(60_000, 1_000 * 2 ** Math.max(0, attempts - 1));

/**
 * The contract of workers. What becomes of a task is decided by its record, written by compare-and-set; the queue only
 * brings the task to somebody. So a message that comes once too often does no harm: it is acknowledged and gone.
 */
export class Work implements Pick<Tasks, 'take' | 'extend' | 'complete' | 'fail' | 'giveBack'> {
  readonly #parts: WorkParts;

  constructor(parts: WorkParts) {
    this.#parts = parts;
  }

  async take({ worker, max, waitMs, signal }: TakeTasks): Promise<readonly TakenTask[]> {
    const { queue, clock, rules } = this.#parts;
    const until = clock.now() + waitMs;
    for (;;) {
      const left = Math.max(0, until - clock.now());
      const deliveries = await queue.take({ max, leaseMs: rules.leaseMs, waitMs: left, signal });
      const taken = await Promise.all(deliveries.map((delivery) => this.#taken(delivery, worker)));
      const tasks = taken.filter((one) => one !== undefined);
      // messages of tasks that have ended meanwhile are no reason to go away with nothing
      if (tasks.length > 0 || deliveries.length === 0) return tasks;
    }
  }

  async extend(id: string, lease: string): Promise<Task> {
    const { store, queue, clock, rules } = this.#parts;
    const at = clock.wallTime();
    const task = await store.apply(id, { type: 'extend', at, lease, until: at + rules.leaseMs });
    await queue.extend(lease, rules.leaseMs);
    return task;
  }

  async complete(
    id: string,
    lease: string,
    { source, mediaType }: Parameters<Tasks['complete']>[2],
  ): Promise<Task> {
    const { store, queue, blobs, clock, inHand, rules } = this.#parts;
    const from = await store.readKnown(id);
    assertLease(from.task, lease);
    // the lease has to hold when the work comes in, and has its full time for the storing of it
    await queue.extend(lease, rules.leaseMs);
    const held = await inHand.held();
    const number = held.beginResult();
    const owner = resultOwner(id, held.lease, number);
    let stored: BlobInfo | undefined;
    let task: Task;
    try {
      stored = await blobs.write(source, { owner, maxBytes: rules.maxResultBytes });
      const result = { ...stored, mediaType };
      task = await held.tidying((tidied) => {
        const command = { type: 'complete', at: clock.wallTime(), lease, result } as const;
        const operations = [held.withResult(number), ...tidied];
        return store.apply(id, command, { from, presence: held.presence, operations });
      });
    } catch (error) {
      // where an engine gave no answer the task may have its result; it stays on its way then, for others to look at
      if (mayBeRecorded(error)) throw error;
      if (stored !== undefined) await blobs.release(stored.hash, owner);
      held.endResult(number);
      throw error;
    }
    held.endResult(number);
    await this.#done(lease);
    return task;
  }

  async fail(id: string, lease: string, { error, retryable }: Parameters<Tasks['fail']>[2]): Promise<Task> {
    const { store, queue, clock, rules } = this.#parts;
    const { maxAttempts } = rules;
    const at = clock.wallTime();
    const task = await store.apply(id, { type: 'fail', at, lease, error, retryable, maxAttempts });
    if (task.state === 'failed') await this.#done(lease);
    else
      await lapsedIsWell(queue.nak(lease, { delayMs: retryDelayMs(task.attempts), reason: error.message }));
    return task;
  }

  async giveBack(id: string, lease: string, cause: string): Promise<Task> {
    const { store, queue, clock } = this.#parts;
    const task = await store.apply(id, { type: 'give-back', at: clock.wallTime(), lease, cause });
    await lapsedIsWell(queue.nak(lease, { reason: cause }));
    return task;
  }

  async #taken(delivery: Delivery, worker: string): Promise<TakenTask | undefined> {
    const { store, queue, clock, rules } = this.#parts;
    const { lease } = delivery;
    const { leaseMs, maxAttempts } = rules;
    const message = readMessage(delivery.body);
    const from = await store.read(message.task);
    if (from === undefined || hasEnded(from.task) || from.task.round !== message.round) {
      await lapsedIsWell(queue.ack(lease));
      return undefined;
    }
    const at = clock.wallTime();
    try {
      const command = { type: 'take', at, worker, lease, until: at + leaseMs, maxAttempts } as const;
      const task = await store.apply(message.task, command, { from });
      if (task.state === 'leased') return { task, lease, leaseMs };
    } catch (thrown) {
      // cancelled, or retried in a new round, in this very moment
      if (StarlingError.from(thrown).code !== 'task-ended') throw thrown;
    }
    await this.#done(lease);
    return undefined;
  }

  async #done(lease: string): Promise<void> {
    await lapsedIsWell(this.#parts.queue.ack(lease));
  }
}

function assertLease({ id, state, lease }: Task, token: string): void {
  if (state === 'leased' && lease?.token === token) return;
  throw new StarlingError(
    'lease-lapsed',
    `The lease of task ${id} has lapsed: the task is ${state}. Drop the work, and take anew.`,
    { details: { task: id, state } },
  );
}

/** The record of the task has it already: a message that is delivered once more is acknowledged then. */
async function lapsedIsWell(promise: Promise<void>): Promise<void> {
  try {
    await promise;
  } catch (thrown) {
    if (StarlingError.from(thrown).code !== 'lease-lapsed') throw thrown;
  }
}
