import { setImmediate as nextTurn } from 'node:timers/promises';
import { StarlingError } from '../errors/index.js';
import type { Environment, WriteStep } from './environment.js';

interface Waiting {
  readonly steps: readonly WriteStep[];
  readonly resolve: () => void;
  readonly reject: (error: StarlingError) => void;
}

const groupSteps = 16_384;

/**
 * Writes to an environment in the order in which they were asked for. All that gather while a commit is under way share
 * the next one, so that many concurrent writes cost one sync.
 */
export class GroupWriter {
  readonly #environment: Environment<unknown>;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(environment: Environment<unknown>) {
    this.#environment = environment;
  }

  /** Resolves when the steps are on disk: all of them, or none. Throws `storage-full` or `storage-failed`. */
  write(steps: readonly WriteStep[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ steps, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything that was asked for is settled. */
  async drained(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // let everything that this turn of the event loop asks for join the group
      await nextTurn();
      await this.#commit(this.#takeGroup());
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting[] {
    let steps = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      const isFull = index > 0 && steps >= groupSteps;
      steps += waiting.steps.length;
      return isFull;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#environment.ready();
      await this.#environment.write(group.flatMap(({ steps }) => steps));
      for (const { resolve } of group) resolve();
    } catch (thrown) {
      const error = StarlingError.from(thrown, 'storage-failed');
      for (const { reject } of group) reject(error);
    }
  }
}
