import { open as openFile } from 'node:fs/promises';
import { open } from 'lmdb';
import { StarlingError } from '../errors/index.js';
import { FileSpace } from './file-space.js';
import { hasFormat, markFormat, type Root, type StoreFormat } from './format.js';
import { assertOpenable } from './lmdb-file.js';
import { storageError } from './storage-error.js';

/** One put or remove of a write. It may not throw: whatever can is done before. */
export type WriteStep = () => Promise<boolean>;

export interface EnvironmentOptions<Tables extends object> {
  /** The folder of the files; `lockFolder` keeps others away. */
  readonly folder: string;
  /** What is stored. A new store is marked so, once; one that is of something else is refused. */
  readonly format: StoreFormat;
  /**
   * Opens the tables, also again after a failed commit, and in a new store puts what it has from the beginning, all in one
   * write transaction. Where it throws, nothing is written, and the environment is closed.
   */
  readonly openTables: (root: Root, isNew: boolean) => Tables;
}

// Address space, not memory or disk: large enough that the map is not moved while the process runs.
const mapSize = 16 * 1024 ** 3;

/**
 * An LMDB environment in a folder: reads at once, writes one commit after another.
 * With `overlappingSync` off, a commit writes its pages, syncs them (fdatasync), and then writes the page that makes
 * it valid through a descriptor that syncs by itself (O_DSYNC); only then does the promise resolve.
 */
export class Environment<Tables extends object> {
  readonly #options: EnvironmentOptions<Tables>;
  #opened: Opened<Tables> | undefined;
  #opening: Promise<void> | undefined;

  private constructor(options: EnvironmentOptions<Tables>, opened: Opened<Tables>) {
    this.#options = options;
    this.#opened = opened;
  }

  /** Throws `storage-failed`, `storage-version` or `storage-full`, and what `openTables` throws. */
  static async open<Tables extends object>(
    options: EnvironmentOptions<Tables>,
  ): Promise<Environment<Tables>> {
    return new Environment(options, await openEnvironment(options));
  }

  /** Resolves when reads are possible: at once, unless a failed commit makes it necessary to open the files again. */
  async ready(): Promise<void> {
    if (this.#opened !== undefined) return;
    this.#opening ??= this.#reopen();
    await this.#opening;
  }

  /** The tables, to read from; reads that follow without waiting are of the same moment. Throws `storage-failed` while not ready. */
  get tables(): Tables {
    return this.#use().tables;
  }

  /**
   * Resolves when all steps, whose values have so many bytes together, are on disk. Throws `storage-full` or `storage-failed`
   * with nothing written. A commit may only begin when the one before has ended.
   */
  async write(steps: readonly WriteStep[], bytes: number): Promise<void> {
    const { root, space } = this.#use();
    await space.reserve({ steps: steps.length, bytes });
    // LMDB may split the answer of a large batch among its steps, although it commits all or nothing: hear each.
    const answers: Promise<unknown>[] = [];
    const batch = root.batch(() => {
      for (const step of steps) answers.push(step().then(undefined, causeOf));
    });
    answers.push(batch.then(undefined, causeOf));
    const failure = (await Promise.all(answers)).find((answer) => answer instanceof Error);
    if (failure === undefined) return;
    const error = storageError(failure, this.#options.folder);
    // After a failed commit LMDB may wait for ever in the next one, until its environment is opened anew.
    this.#opened = undefined;
    await root.close();
    await space.close();
    throw error;
  }

  async close(): Promise<void> {
    await this.#opening;
    await this.#opened?.root.close();
    await this.#opened?.space.close();
    this.#opened = undefined;
  }

  async #reopen(): Promise<void> {
    try {
      this.#opened = await openEnvironment(this.#options);
    } finally {
      this.#opening = undefined;
    }
  }

  #use(): Opened<Tables> {
    if (this.#opened !== undefined) return this.#opened;
    throw new StarlingError(
      'storage-failed',
      `The folder ${this.#options.folder} is being opened again after a failed write. Try again.`,
    );
  }
}

interface Opened<Tables extends object> {
  readonly root: Root;
  readonly space: FileSpace;
  readonly tables: Tables;
}

async function openEnvironment<Tables extends object>({
  folder,
  format,
  openTables,
}: EnvironmentOptions<Tables>): Promise<Opened<Tables>> {
  let root: Root | undefined;
  let space: FileSpace | undefined;
  assertOpenable(folder);
  try {
    root = open<string, Uint8Array>({
      keyEncoding: 'binary',
      encoding: 'string',
      path: folder,
      noSubdir: false,
      overlappingSync: false,
      mapSize,
      maxDbs: 8,
    });
    const isNew = !hasFormat(root, format, folder);
    // before the mark, so that every store that has it can be found after a power failure
    if (isNew) await syncFolder(folder);
    space = await FileSpace.open(root, folder);
    if (isNew) await space.reserve({ steps: 0, bytes: 0 });
    const tables = tablesOf(root, isNew, { format, openTables });
    space.counts(Object.values(tables));
    return { root, space, tables };
  } catch (thrown) {
    await root?.close();
    await space?.close();
    throw storageError(await causeOf(thrown), folder);
  }
}

/** All tables of a new store are made, and it is marked, by one commit; nothing is written to one that is there. */
function tablesOf<Tables extends object>(
  root: Root,
  isNew: boolean,
  { format, openTables }: Pick<EnvironmentOptions<Tables>, 'format' | 'openTables'>,
): Tables {
  return root.transactionSync(() => {
    if (isNew) markFormat(root, format);
    return openTables(root, isNew);
  });
}

/** LMDB tells the reason of a failed commit in a second promise, which must not be left unheard. */
export async function causeOf(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !('commitError' in thrown)) return thrown;
  try {
    await thrown.commitError;
    return thrown;
  } catch (cause) {
    return cause;
  }
}

/** A new file survives a power failure only once the folder that names it is synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
