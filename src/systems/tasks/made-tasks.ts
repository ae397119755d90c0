import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Blobs, openLocalBlobs } from '../../kernel/blobs/index.js';
import { ManualClock } from '../../kernel/clock/index.js';
import { openLocalQueues, type Queues } from '../../kernel/queue/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import { type OpenTasksOptions, openTasks } from './open-tasks.js';
import type { Tasks, Upload } from './tasks-api.js';

/** The system over embedded engines in a folder of their own, for tests. */
export interface MadeTasks {
  readonly folder: string;
  readonly tasks: Tasks;
  readonly clock: ManualClock;
  readonly state: State;
  readonly queues: Queues;
  readonly blobs: Blobs;
  /** Changes the bytes of a blob on disk. */
  damage(hash: string): Promise<void>;
  /** Closes everything and opens it again, as after a stop of the process; the old one is of no more use. */
  restart(): Promise<MadeTasks>;
  close(): Promise<void>;
}

/** Opens the system in a new folder, which is in `parent`. */
export async function madeTasks(
  options: Partial<OpenTasksOptions> = {},
  parent = tmpdir(),
): Promise<MadeTasks> {
  return openIn(await mkdtemp(join(parent, 'starling-tasks-')), new ManualClock(), options);
}

async function openIn(
  folder: string,
  clock: ManualClock,
  options: Partial<OpenTasksOptions>,
): Promise<MadeTasks> {
  const state = await openLocalState({ folder: join(folder, 'state'), clock });
  const queues = await openLocalQueues({ folder: join(folder, 'queue'), clock });
  const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
  const logger = {
    info: () => {},
    warn: (fields: unknown, message?: string) => console.warn(message, fields),
    error: (fields: unknown, message?: string) => console.error(message, fields),
  };
  const tasks = await openTasks({ state, queues, blobs, clock, logger, ...options });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await tasks.close();
    await queues.close();
    await blobs.close();
    await state.close();
  };
  return {
    folder,
    tasks,
    clock,
    state,
    queues,
    blobs,
    damage: (hash) => writeFile(join(folder, 'blobs', 'files', hash.slice(0, 2), hash), 'other bytes'),
    restart: async () => {
      await stop();
      return openIn(folder, clock, options);
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An upload of a text as a file. */
export function madeUpload(name: string, text = name, batch = 'b1'): Upload {
  return {
    name,
    batch,
    filter: { name: 'invert', parameters: {} },
    mediaType: 'image/png',
    source: source(text),
  };
}

/** The bytes of a text, in pieces. */
export async function* source(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 3) yield Buffer.from(text.slice(at, at + 3));
}

/** An engine of which some methods are others. */
export function withOthers<T extends object>(engine: T, others: Partial<T>): T {
  return new Proxy(engine, {
    get: (target, name) => {
      const found: unknown = Reflect.get(others, name) ?? Reflect.get(target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}
