import { setImmediate as nextTurn } from 'node:timers/promises';
import { StarlingError } from '../../errors/index.js';
import { type Command, type CommittedView, Draft, type Outcome } from './draft.js';
import type { LocalStore } from './store.js';

export interface CommitterOptions {
  readonly store: LocalStore;
  /** Revisions of history that are kept. */
  readonly historyRevisions: number;
  readonly isLive: (lease: string) => boolean;
  /** Hears of each commit before those who asked for it do. */
  readonly onCommitted: (draft: Draft) => void;
}

interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: StarlingError) => void;
}

const groupCommands = 4096;
const groupBytes = 16 * 1024 * 1024;

/**
 * Decides and writes commands in the order in which they were submitted. All that gather while a commit is under
 * way share the next one, so that many concurrent writes cost one sync.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the command's effects are on disk. Throws what the decision throws, or `storage-full` or
   * `storage-failed` for each command of a group that could not be written.
   */
  submit(command: Command): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything that was submitted is settled. */
  async drained(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Let everything that this turn of the event loop submits join the group.
      await nextTurn();
      await this.#commit(this.#takeGroup());
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    const end = this.#queue.findIndex(({ command }, index) => {
      const isFull = index >= groupCommands || bytes >= groupBytes;
      bytes += commandBytes(command);
      return isFull;
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const settle = await this.#write(group);
      for (const tell of settle) tell();
    } catch (thrown) {
      // Also the refused ones hear of it: they were decided over writes that did not happen.
      const error = StarlingError.from(thrown, 'storage-failed');
      for (const { reject } of group) reject(error);
    }
  }

  async #write(group: readonly Waiting[]): Promise<(() => void)[]> {
    const { store, historyRevisions, onCommitted } = this.#options;
    await store.ready();
    const draft = new Draft(this.#view());
    const settle = group.map((waiting) => decide(draft, waiting));
    if (draft.isEmpty) return settle;
    draft.keepRevisions(historyRevisions);
    await store.write(draft);
    onCommitted(draft);
    return settle;
  }

  #view(): CommittedView {
    const { store, isLive } = this.#options;
    return {
      head: store.head(),
      get: (key) => store.get(key),
      isLive,
      leaseKeys: (lease) => store.leaseKeys(lease),
    };
  }
}

/** Decides a command, and gives what tells its asker so: only once the group is on disk. */
function decide(draft: Draft, { command, resolve, reject }: Waiting): () => void {
  try {
    const outcome = draft.apply(command);
    return () => resolve(outcome);
  } catch (thrown) {
    const error = StarlingError.from(thrown, 'storage-failed');
    return () => reject(error);
  }
}

function commandBytes(command: Command): number {
  if (command.type !== 'transaction') return 0;
  const { success, failure } = command.transaction;
  return [...success, ...failure].reduce(
    (sum, part) => sum + (part.type === 'put' ? part.text.length : 0),
    0,
  );
}
