import type { Environment, WriteStep } from './environment.js';
import { GroupCommits } from './group-commits.js';

/** Steps of one commit, about, so that none takes long. */
const groupSteps = 16_384;

/** Writes to an environment in the order in which they were asked for; see `GroupCommits`. */
export class GroupWriter {
  readonly #commits: GroupCommits<readonly WriteStep[], void>;

  constructor(environment: Environment<unknown>) {
    this.#commits = new GroupCommits<readonly WriteStep[], void>({
      share: (steps) => steps.length / groupSteps,
      commit: async (group) => {
        await environment.ready();
        await environment.write(group.flat());
        return group.map(() => () => undefined);
      },
    });
  }

  /** Resolves when the steps are on disk: all of them, or none. Throws `storage-full` or `storage-failed`. */
  write(steps: readonly WriteStep[]): Promise<void> {
    return this.#commits.submit(steps);
  }

  /** Resolves when everything that was asked for is settled. */
  drained(): Promise<void> {
    return this.#commits.drained();
  }
}
