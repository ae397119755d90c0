import { StarlingError } from '../../kernel/errors/index.js';
import type { Json, State } from '../../kernel/state/index.js';
import type { Task } from './task/index.js';
import type { TakenTask, TaskFile, Tasks } from './tasks-api.js';

/** Where everything of this is kept: keys and values, the next number, and the task of each number. */
const prefix = '/tasks/photos/';
/** The batch of files that come this way. */
const batch = 'photos';
/** Before the name of a worker that takes tasks this way; they do not tell their own. */
const workerName = 'photos client';
const invert = { name: 'invert', parameters: {} } as const;

/** A task by its number: -1 where there is no file yet, or none will be worked on; 0 ready, 1 worked on, 2 done. */
export interface PhotoTask {
  readonly id: number;
  readonly state: -1 | 0 | 1 | 2;
}

/** A file as it comes in. */
export interface PhotoFile {
  readonly name: string;
  readonly mediaType: string;
  readonly source: AsyncIterable<Uint8Array>;
}

/**
 * Tasks as the OSv microservice demo has them: by numbers, all with the filter `invert`, and taken by workers that show no
 * lease. A result counts where a worker of this kind has the task at that time.
 */
export interface Photos {
  /** Throws `not-found`. */
  value(key: string): Promise<string>;
  /** Keeps a value, where the key has none: the first writer wins. */
  keep(key: string, value: string): Promise<void>;
  /** The number of a task whose file is to come. */
  reserve(): Promise<number>;
  /** Takes the file of a number that has none, or the result of one that is worked on. Throws `not-found`, `lease-lapsed`, and what uploads throw. */
  receive(id: number, file: PhotoFile): Promise<void>;
  /** A task to work on, and the lease to hand it back with; undefined where there is none. */
  next(signal: AbortSignal): Promise<{ readonly task: PhotoTask; readonly taken: TakenTask } | undefined>;
  /** Throws `not-found`. */
  task(id: number): Promise<PhotoTask>;
  /** Makes a task ready that is worked on; without effect on any other. Throws `not-found`. */
  ready(id: number): Promise<void>;
  /** Throws `not-found`, and `revision-conflict` where there is no result yet. */
  finish(id: number): Promise<void>;
  /** The result where there is one, else the original. Throws `not-found`, `result-not-ready`. */
  read(id: number): Promise<TaskFile>;
}

/** Opens it over the system and its state. */
export function openPhotos(parts: { readonly state: State; readonly tasks: Tasks }): Photos {
  return new OpenedPhotos(parts.state, parts.tasks);
}

class OpenedPhotos implements Photos {
  readonly #state: State;
  readonly #tasks: Tasks;

  constructor(state: State, tasks: Tasks) {
    this.#state = state;
    this.#tasks = tasks;
  }

  async value(key: string): Promise<string> {
    const entry = await this.#state.get(`${prefix}keys/${key}`);
    if (typeof entry?.value === 'string') return entry.value;
    throw new StarlingError('not-found', `There is no value of ${JSON.stringify(key)}. Post one first.`);
  }

  async keep(key: string, value: string): Promise<void> {
    await this.#create(`${prefix}keys/${key}`, value);
  }

  reserve(): Promise<number> {
    return this.#number(null);
  }

  async receive(id: number, { name, mediaType, source }: PhotoFile): Promise<void> {
    const known = await this.#known(id);
    if (known === undefined) {
      const upload = { name: `${id}-${name}`, batch, filter: invert, mediaType, source };
      const { task } = await this.#tasks.upload(upload);
      await this.#state.put(`${prefix}items/${id}`, task.id);
      return;
    }
    await this.#tasks.complete(known.id, leaseOf(known), { source, mediaType });
  }

  async next(signal: AbortSignal): ReturnType<Photos['next']> {
    const others: TakenTask[] = [];
    try {
      // those with other filters are for workers that know them
      for (let tries = 0; tries < 20; tries += 1) {
        const [taken] = await this.#tasks.take({ worker: workerName, max: 1, waitMs: 0, signal });
        if (taken === undefined) return undefined;
        if (taken.task.filter.name === invert.name)
          return { task: { id: await this.#numberOf(taken.task), state: 1 }, taken };
        others.push(taken);
      }
      return undefined;
    } finally {
      for (const { task, lease } of others)
        await this.#tasks.giveBack(task.id, lease, `it knows no filter ${task.filter.name}`);
    }
  }

  async task(id: number): Promise<PhotoTask> {
    const known = await this.#known(id);
    return { id, state: known === undefined ? -1 : stateOf(known) };
  }

  async ready(id: number): Promise<void> {
    const known = await this.#known(id);
    if (known?.lease?.worker === workerName)
      await this.#tasks.giveBack(known.id, known.lease.token, 'its worker made it ready again');
  }

  async finish(id: number): Promise<void> {
    const known = await this.#known(id);
    if (known?.state === 'done') return;
    throw new StarlingError(
      'revision-conflict',
      `Task ${id} has no result yet. Upload it to the storage first, and then finish the task.`,
    );
  }

  async read(id: number): Promise<TaskFile> {
    const known = await this.#known(id);
    if (known !== undefined)
      return this.#tasks.read(known.id, known.result === undefined ? 'original' : 'result');
    throw new StarlingError('result-not-ready', `Task ${id} has no file yet. Upload one first.`);
  }

  /** The task of a number; undefined where its file is to come. Throws `not-found`. */
  async #known(id: number): Promise<Task | undefined> {
    const entry = await this.#state.get(`${prefix}items/${id}`);
    if (entry === undefined) throw new StarlingError('not-found', `There is no task ${id}. Make it first.`);
    return typeof entry.value === 'string' ? this.#tasks.get(entry.value) : undefined;
  }

  /** The number of a task: that under which it came, or a new one. */
  async #numberOf({ id, name, batch: own }: Task): Promise<number> {
    const number = own === batch ? /^(\d+)-/.exec(name)?.[1] : undefined;
    if (number === undefined) return this.#number(id);
    // where the process died before it wrote it down
    await this.#state.put(`${prefix}items/${number}`, id);
    return Number(number);
  }

  /** The next number, for a task or for one that is to come. */
  async #number(task: string | null): Promise<number> {
    const key = `${prefix}next`;
    for (;;) {
      const entry = await this.#state.get(key);
      const number = typeof entry?.value === 'number' ? entry.value : 0;
      const { succeeded } = await this.#state.transaction({
        compare: [{ key, modRevision: entry?.modRevision ?? 0 }],
        success: [
          { put: key, value: number + 1 },
          { put: `${prefix}items/${number}`, value: task },
        ],
      });
      if (succeeded) return number;
    }
  }

  async #create(key: string, value: Json): Promise<void> {
    await this.#state.transaction({ compare: [{ key, exists: false }], success: [{ put: key, value }] });
  }
}

function stateOf({ state }: Task): PhotoTask['state'] {
  if (state === 'done') return 2;
  if (state === 'leased') return 1;
  return state === 'queued' ? 0 : -1;
}

/** The lease of a task that a worker of this kind has; of any other it is nobody's to say. */
function leaseOf({ id, state, lease }: Task): string {
  if (lease?.worker === workerName) return lease.token;
  throw new StarlingError(
    'lease-lapsed',
    `Task ${id} is not worked on by whoever sends this: it is ${state}. Take it anew.`,
  );
}
