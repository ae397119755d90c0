import { GroupCommits } from '../../lmdb/index.js';
import type { Outcome } from '../write-key.js';
import { type Command, type CommittedView, Draft } from './draft.js';
import type { LocalStore } from './store.js';

export interface CommitterOptions {
  readonly store: LocalStore;
  /** Revisions of history that are kept. */
  readonly historyRevisions: number;
  readonly isLive: (lease: string) => boolean;
  /** Hears of each commit before those who asked for it do. */
  readonly onCommitted: (draft: Draft) => void;
}

/** The most that one commit has, about, so that none takes long. */
const groupCommands = 4096;
const groupBytes = 16 * 1024 * 1024;

/** Decides and writes commands in the order in which they were submitted; see `GroupCommits`. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #commits: GroupCommits<Command, Outcome>;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#commits = new GroupCommits({
      share: (command) => 1 / groupCommands + commandBytes(command) / groupBytes,
      commit: (group) => this.#commit(group),
    });
  }

  /**
   * Resolves when the command's effects are on disk. Throws what the decision throws, or `storage-full` or
   * `storage-failed` for each command of a group that could not be written.
   */
  submit(command: Command): Promise<Outcome> {
    return this.#commits.submit(command);
  }

  /** Resolves when everything that was submitted is settled. */
  drained(): Promise<void> {
    return this.#commits.drained();
  }

  /** Where it fails, also those that are refused hear of it: they were decided over writes that did not happen. */
  async #commit(group: readonly Command[]): Promise<(() => Outcome)[]> {
    const { store, historyRevisions, onCommitted } = this.#options;
    await store.ready();
    const draft = new Draft(this.#view());
    const outcomes = group.map((command) => decide(draft, command));
    if (draft.isEmpty) return outcomes;
    draft.keepRevisions(historyRevisions);
    await store.write(draft);
    onCommitted(draft);
    return outcomes;
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
function decide(draft: Draft, command: Command): () => Outcome {
  try {
    const outcome = draft.apply(command);
    return () => outcome;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
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
