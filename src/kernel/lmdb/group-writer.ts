import { StarlingError } from '../errors/index.js';
import type { Environment, WriteStep } from './environment.js';
import { GroupCommits } from './group-commits.js';

/** Steps of one commit, about, so that none takes long. */
const groupSteps = 16_384;

interface Write {
  readonly steps: readonly WriteStep[];
  readonly bytes: number;
}

/** Writes to an environment in the order in which they were asked for; see `GroupCommits`. */
export class GroupWriter {
  readonly #commits: GroupCommits<Write, void>;

  constructor(environment: Environment<object>) {
    this.#commits = new GroupCommits<Write, void>({
      share: ({ steps }) => steps.length / groupSteps,
      commit: (group) => commit(environment, group),
    });
  }

  /**
   * Resolves when the steps, whose values have so many bytes together, are on disk: all of them, or none.
   * Throws `storage-full` or `storage-failed`.
   */
  write(steps: readonly WriteStep[], bytes: number): Promise<void> {
    return this.#commits.submit({ steps, bytes });
  }

  /** Resolves when everything that was asked for is settled. */
  drained(): Promise<void> {
    return this.#commits.drained();
  }
}

/** Where the disk has no space for a group, each of it is tried alone: what is small, or removes, may fit. */
async function commit(environment: Environment<object>, group: readonly Write[]): Promise<(() => void)[]> {
  try {
    await commitAtOnce(environment, group);
    return group.map(() => () => undefined);
  } catch (thrown) {
    if (group.length === 1 || !isFull(thrown)) throw thrown;
  }
  const answers: (() => void)[] = [];
  for (const write of group) answers.push(await answerOf(commitAtOnce(environment, [write])));
  return answers;
}

async function commitAtOnce(environment: Environment<object>, group: readonly Write[]): Promise<void> {
  await environment.ready();
  const bytes = group.reduce((sum, write) => sum + write.bytes, 0);
  await environment.write(
    group.flatMap(({ steps }) => steps),
    bytes,
  );
}

function answerOf(commit: Promise<void>): Promise<() => void> {
  return commit.then(
    () => () => undefined,
    (thrown: unknown) => () => {
      throw thrown;
    },
  );
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof StarlingError && thrown.code === 'storage-full';
}
