import { describe, expect, it } from 'vitest';
import { StarlingError } from '../errors/index.js';
import { GroupCommits } from './group-commits.js';

/** Commits of numbers, answered with their doubles; each commit waits until `release` is called. */
function doubled() {
  const groups: number[][] = [];
  const releases: ((error?: Error) => void)[] = [];
  const begun: (() => void)[] = [];
  const commits = new GroupCommits<number, number>({
    share: (number) => number / 10,
    commit: (group) => {
      groups.push([...group]);
      begun.shift()?.();
      return new Promise((resolve, reject) => {
        const answers = group.map((number) => () => {
          if (number === 0) throw new StarlingError('not-found', 'No number.');
          return 2 * number;
        });
        releases.push((error) => (error === undefined ? resolve(answers) : reject(error)));
      });
    },
  });
  return {
    commits,
    groups,
    release: (error?: Error) => releases.shift()?.(error),
    /** Resolves when the next commit begins. */
    nextBegins: () => new Promise<void>((resolve) => begun.push(resolve)),
  };
}

describe('commits in groups', () => {
  it('gather while one is under way, and share the next', async () => {
    const { commits, groups, release, nextBegins } = doubled();
    const first = nextBegins();
    const one = commits.submit(1);
    await first;
    const second = nextBegins();
    const others = [commits.submit(2), commits.submit(3)];
    release();
    expect(await one).toBe(2);
    await second;
    release();
    expect(await Promise.all(others)).toEqual([4, 6]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('are full at a sum of 1, in the order of submission', async () => {
    const { commits, groups, release, nextBegins } = doubled();
    const answers = [4, 6, 1, 25, 1].map((number) => commits.submit(number));
    for (let group = 0; group < 3; group += 1) {
      await nextBegins();
      release();
    }
    expect(await Promise.all(answers)).toEqual([8, 12, 2, 50, 2]);
    expect(groups).toEqual([[4, 6], [1, 25], [1]]);
    await commits.drained();
  });

  it('tell one item its own error, and all of a group that fails the same; the next goes on', async () => {
    const { commits, release, nextBegins } = doubled();
    const mixed = [1, 0].map((number) => commits.submit(number));
    await nextBegins();
    release();
    expect(await Promise.allSettled(mixed)).toMatchObject([
      { value: 2 },
      { reason: { code: 'not-found', message: 'No number.' } },
    ]);
    const failed = [1, 0].map((number) => commits.submit(number));
    await nextBegins();
    release(new Error('the disk is gone'));
    expect(await Promise.allSettled(failed)).toMatchObject([
      { reason: { code: 'storage-failed', message: 'the disk is gone' } },
      { reason: { code: 'storage-failed', message: 'the disk is gone' } },
    ]);
    const last = commits.submit(1);
    await nextBegins();
    release();
    expect(await last).toBe(2);
  });
});
