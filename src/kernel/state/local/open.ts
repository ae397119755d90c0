import { type Clock, systemClock } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import { lockFolder } from '../../lmdb/index.js';
import type { State } from '../state.js';
import type { StateLogger } from './lease-ends.js';
import { LocalState } from './local-state.js';
import { LocalStore } from './store.js';

export interface LocalStateOptions {
  /** The folder of the store, made where it does not exist; one open store per folder. */
  readonly folder: string;
  /** Counts the time of leases. Default: the clock of the process. */
  readonly clock?: Clock;
  /** How many revisions of history are kept for watches to resume from; older ones are forgotten. Default 100,000. */
  readonly historyRevisions?: number;
  /** Hears of failures that no caller waits for. Default: standard error. */
  readonly logger?: StateLogger;
}

const standardError: StateLogger = {
  error: (fields, message) => console.error(message, fields),
};

/**
 * Opens the embedded state store; the caller closes it.
 * Throws `folder-in-use` where the folder is taken, `storage-failed` where it holds something else or a damaged store,
 * `storage-version` where another version of Starling wrote it, `storage-full`, or `input-invalid` for a bad option.
 */
export async function openLocalState(options: LocalStateOptions): Promise<State> {
  const { folder, clock = systemClock, historyRevisions = 100_000, logger = standardError } = options;
  if (!Number.isSafeInteger(historyRevisions) || historyRevisions < 1) {
    throw new StarlingError(
      'input-invalid',
      `The number of revisions to keep is ${historyRevisions}. Give a whole number of at least 1.`,
    );
  }
  const lock = await lockFolder(folder);
  let store: LocalStore | undefined;
  try {
    store = await LocalStore.open(lock.folder);
    return new LocalState({ lock, store, clock, logger, historyRevisions });
  } catch (thrown) {
    await store?.close();
    await lock.release();
    throw thrown;
  }
}
