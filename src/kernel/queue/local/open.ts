import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import { Environment, type FolderLock, GroupWriter, lockFolder } from '../../lmdb/index.js';
import { assertQueueName, completeSettings } from '../limits.js';
import type { Queue, QueueCapabilities, QueueSettings, Queues } from '../queue.js';
import { LocalQueue } from './local-queue.js';
import type { QueueLogger } from './queue-parts.js';
import { QueueStore } from './queue-store.js';
import { openTables, queueFormat, type StoredQueue, storedQueues, type Tables } from './tables.js';

export interface LocalQueuesOptions {
  /** The folder of the queues, made where it does not exist; one open store per folder. */
  readonly folder: string;
  /** Default: the clock of the process. */
  readonly clock?: Clock;
  /** Hears of failures that no caller waits for. Default: standard error. */
  readonly logger?: QueueLogger;
}

const standardError: QueueLogger = { error: (fields, message) => console.error(message, fields) };

const capabilities: QueueCapabilities = {
  priorities: true,
  delayedPublish: true,
  pause: true,
  refusesLateAck: true,
};

/**
 * Opens the embedded queues; the caller closes them. Throws `folder-in-use`, `storage-failed` where the folder holds
 * something else or is damaged, `storage-version` and `storage-full`.
 */
export async function openLocalQueues(options: LocalQueuesOptions): Promise<Queues> {
  const { folder, clock = systemClock, logger = standardError } = options;
  const lock = await lockFolder(folder);
  try {
    const environment = await Environment.open({ folder: lock.folder, format: queueFormat, openTables });
    return new LocalQueues({ lock, environment, writer: new GroupWriter(environment), clock, logger });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface LocalQueuesParts {
  readonly lock: FolderLock;
  readonly environment: Environment<Tables>;
  readonly writer: GroupWriter;
  readonly clock: Clock;
  readonly logger: QueueLogger;
}

/** The queues of one folder; they share its commits. */
class LocalQueues implements Queues {
  readonly adapter = 'local';
  readonly capabilities = capabilities;
  readonly durability = 'Acknowledged means written to disk and synced (LMDB, fdatasync).';
  readonly #parts: LocalQueuesParts;
  readonly #stored: Map<string, StoredQueue>;
  readonly #opening = new Map<string, Promise<LocalQueue>>();
  #closing: Promise<void> | undefined;

  constructor(parts: LocalQueuesParts) {
    this.#parts = parts;
    this.#stored = storedQueues(parts.environment.tables);
  }

  async open(name: string, settings: QueueSettings = {}): Promise<Queue> {
    assertQueueName(name);
    const complete = completeSettings(settings, this.#stored.get(name)?.settings);
    this.#assertOpen();
    const opened = this.#opening.get(name);
    if (opened !== undefined) {
      const queue = await opened;
      this.#stored.set(name, await queue.settle(complete));
      return queue;
    }
    const opening = this.#open(name, complete);
    this.#opening.set(name, opening);
    opening.catch(() => this.#opening.delete(name));
    return opening;
  }

  async names(): Promise<readonly string[]> {
    this.#assertOpen();
    return [...this.#stored.keys()].sort();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(name: string, settings: Required<QueueSettings>): Promise<LocalQueue> {
    const { environment, writer, clock, logger } = this.#parts;
    const known = this.#stored.get(name);
    const numbers = [...this.#stored.values()].map(({ number }) => number);
    const stored = {
      number: known?.number ?? Math.max(0, ...numbers) + 1,
      settings,
      paused: known?.paused ?? false,
    };
    this.#stored.set(name, stored);
    const store = new QueueStore(name, stored.number, { environment, writer });
    if (!isDeepStrictEqual(stored, known)) await store.describe(stored);
    return new LocalQueue({ name, store, stored, clock, logger });
  }

  async #close(): Promise<void> {
    const { lock, environment, writer } = this.#parts;
    for (const opening of this.#opening.values()) {
      // one that could not be opened told its opener
      const [opened] = await Promise.allSettled([opening]);
      if (opened.status === 'fulfilled') opened.value.close();
    }
    await writer.drained();
    try {
      await environment.close();
    } finally {
      await lock.release();
    }
  }

  #assertOpen(): void {
    if (this.#closing === undefined) return;
    throw new StarlingError('shutting-down', 'The queues were closed. Open them again.');
  }
}
