import { setImmediate as nextTurn } from 'node:timers/promises';
import { StarlingError } from '../errors/index.js';

export interface GroupCommitsOptions<Item, Answer> {
  /** The part of a group that an item takes up; a group with a sum of 1 is full. */
  readonly share: (item: Item) => number;
  /**
   * Commits a group. Gives for each item, in their order, what returns its answer or throws its error. Where it rejects,
   * every item has failed.
   */
  readonly commit: (group: readonly Item[]) => Promise<readonly (() => Answer)[]>;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: StarlingError) => void;
}

/**
 * Commits items in the order in which they were submitted, one group after another. All that gather while a commit is
 * under way share the next one, so that many concurrent writes cost one sync.
 */
export class GroupCommits<Item, Answer> {
  readonly #options: GroupCommitsOptions<Item, Answer>;
  #waiting: Waiting<Item, Answer>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitsOptions<Item, Answer>) {
    this.#options = options;
  }

  /** Resolves once the item's group is committed. Throws the item's own error, or the one that its group failed with. */
  submit(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything that was submitted is settled. */
  async drained(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // let everything that this turn of the event loop submits join the group
      await nextTurn();
      await this.#commit(this.#takeGroup());
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting<Item, Answer>[] {
    let sum = 0;
    const end = this.#waiting.findIndex(({ item }) => {
      const isFull = sum >= 1;
      sum += this.#options.share(item);
      return isFull;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #commit(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#options.commit(group.map(({ item }) => item));
      for (const [at, waiting] of group.entries()) settle(waiting, answers[at]);
    } catch (thrown) {
      const error = StarlingError.from(thrown, 'storage-failed');
      for (const { reject } of group) reject(error);
    }
  }
}

function settle<Item, Answer>(
  { resolve, reject }: Waiting<Item, Answer>,
  answer: (() => Answer) | undefined,
): void {
  if (answer === undefined) throw new RangeError('A commit gave fewer answers than there are items.');
  try {
    resolve(answer());
  } catch (thrown) {
    reject(StarlingError.from(thrown, 'storage-failed'));
  }
}
