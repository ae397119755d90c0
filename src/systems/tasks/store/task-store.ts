import { createHash } from 'node:crypto';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Json, Operation, State } from '../../../kernel/state/index.js';
import { applyTask, type Task, type TaskCommand } from '../task/index.js';

/** Where tasks are kept, by id. */
export const taskPrefix = '/tasks/items/';
/** Batch and name of a file → its task. */
const namePrefix = '/tasks/names/';

/** A task as it was read, which a write may begin from instead of reading it again. */
export interface ReadTask {
  readonly task: Task;
  readonly revision: number;
}

/** What is written along with a task. */
export interface Along {
  /** Where nothing has happened to the task since, it is not read again. */
  readonly from?: ReadTask;
  /** A key that has to be there still: that of the process which writes. */
  readonly presence?: string;
  readonly operations?: readonly Operation[];
}

/** Tasks in the state store; every method is one atomic, synced write or one read. */
export class TaskStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /**
   * Keeps a task whose upload begins. It vanishes with `lease`, the uploading process's own, unless it is uploaded before.
   * `note` is written along with it. Gives the task that has its name where there is one.
   */
  async create(task: Task, lease: string, note: Operation): Promise<Task | undefined> {
    for (;;) {
      const name = nameKey(task);
      const { succeeded } = await this.#state.transaction({
        compare: [
          { key: name, exists: false },
          { key: taskPrefix + task.id, exists: false },
        ],
        success: [
          { put: name, value: task.id, lease },
          { put: taskPrefix + task.id, value: json(task), lease },
          note,
        ],
      });
      if (succeeded) return undefined;
      const id = (await this.#state.get(name))?.value;
      const known = typeof id === 'string' ? await this.find(id) : undefined;
      if (known !== undefined) return known;
    }
  }

  async find(id: string): Promise<Task | undefined> {
    return (await this.read(id))?.task;
  }

  async read(id: string): Promise<ReadTask | undefined> {
    const entry = await this.#state.get(taskPrefix + id);
    return entry && { task: entry.value as unknown as Task, revision: entry.modRevision };
  }

  /** Throws `not-found`. */
  async get(id: string): Promise<Task> {
    return (await this.readKnown(id)).task;
  }

  /** Throws `not-found`. */
  async readKnown(id: string): Promise<ReadTask> {
    const known = await this.read(id);
    if (known !== undefined) return known;
    throw new StarlingError(
      'not-found',
      `There is no task ${JSON.stringify(id)}. List tasks to see which there are.`,
      {
        details: { task: id },
      },
    );
  }

  /**
   * Lets a command happen to a task as it is when that is written. Throws what `applyTask` throws, and `storage-unavailable`
   * where the presence is gone that was to be there.
   */
  async apply(id: string, command: TaskCommand, along: Along = {}): Promise<Task> {
    const { presence, operations = [] } = along;
    let known = along.from ?? (await this.read(id));
    for (;;) {
      const task = applyTask(known?.task, command);
      const { succeeded } = await this.#state.transaction({
        compare: [
          { key: taskPrefix + id, modRevision: known?.revision ?? 0 },
          ...(presence === undefined ? [] : [{ key: presence, exists: true }]),
        ],
        success: [
          { put: taskPrefix + id, value: json(task) },
          ...operations,
          // written without its lease: from now on it stays
          ...(command.type === 'uploaded' ? [{ put: nameKey(task), value: id }] : []),
        ],
      });
      if (succeeded) return task;
      if (presence !== undefined && (await this.#state.get(presence)) === undefined) throw cutOff();
      known = await this.read(id);
    }
  }

  /**
   * Marks a task that waits for a worker as told of, so that nobody takes it back any more: its name is written again. Throws
   * `storage-unavailable` where it was taken back in this moment.
   */
  async tell({ id, ...of }: Task): Promise<void> {
    const name = nameKey(of);
    const { succeeded } = await this.#state.transaction({
      compare: [{ key: taskPrefix + id, exists: true }],
      success: [{ put: name, value: id }],
    });
    if (!succeeded) throw cutOff();
  }

  /**
   * Removes a task that nobody has been told of, unless a worker has it by now, or did. Whether it is not there any more.
   */
  async withdraw(id: string): Promise<boolean> {
    for (;;) {
      const entry = await this.#state.get(taskPrefix + id);
      if (entry === undefined) return true;
      const task = entry.value as unknown as Task;
      if (task.state !== 'uploading' && task.state !== 'queued') return false;
      const name = nameKey(task);
      const named = await this.#state.get(name);
      // both are written at once, until somebody is told
      if (named?.value === id && named.modRevision !== entry.modRevision) return false;
      const { succeeded } = await this.#state.transaction({
        compare: [
          { key: taskPrefix + id, modRevision: entry.modRevision },
          { key: name, modRevision: named?.modRevision ?? 0 },
        ],
        // the name may be another task's, where the lease of this one has lapsed meanwhile
        success: [{ delete: taskPrefix + id }, ...(named?.value === id ? [{ delete: name }] : [])],
      });
      if (succeeded) return true;
    }
  }

  /** Every task, page by page, and the revision to follow them from. */
  async all(take: (task: Task) => void): Promise<number> {
    let page = await this.#state.list(taskPrefix);
    const { revision } = page;
    for (;;) {
      for (const { value } of page.entries) take(value as unknown as Task);
      if (page.next === undefined) return revision;
      page = await this.#state.list(taskPrefix, { after: page.next });
    }
  }
}

/** Of a process that others take for gone, and have put right after. */
export function cutOff(): StarlingError {
  return new StarlingError(
    'storage-unavailable',
    'The gateway was cut off from its store meanwhile, and nothing of this was recorded. Send it again.',
    { details: { isRecorded: false } },
  );
}

/** Whether what failed may be recorded all the same: the store gave no answer. */
export function mayBeRecorded(thrown: unknown): boolean {
  const { code, details } = StarlingError.from(thrown);
  return code === 'storage-unavailable' && details?.isRecorded !== false;
}

/** Names are as people give them, of any length and kind; keys are not. */
function nameKey({ batch, name, user }: Pick<Task, 'batch' | 'name' | 'user'>): string {
  const hash = createHash('sha256').update(JSON.stringify([user ?? null, batch, name]));
  return namePrefix + hash.digest('base64url');
}

function json(task: Task): Json {
  return task as unknown as Json;
}
