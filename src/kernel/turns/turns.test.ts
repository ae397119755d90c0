import { expect, it } from 'vitest';
import { createTurns } from './turns.js';

it('runs no more at once than there are places, the others in their order', async () => {
  const turns = createTurns(2);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const work = (name: number) =>
    turns(async () => {
      began.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    });
  const all = [1, 2, 3, 4].map(work);
  expect(began).toEqual([1, 2]);
  ends[1]?.();
  expect(await all[1]).toBe(2);
  await Promise.resolve();
  expect(began).toEqual([1, 2, 3]);
  ends[0]?.();
  await all[0];
  ends[2]?.();
  await all[2];
  ends[3]?.();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  expect(began).toEqual([1, 2, 3, 4]);
});

it('gives the place of work that failed to the next', async () => {
  const turns = createTurns(1);
  const failed = turns(() => Promise.reject(new Error('no')));
  const next = turns(async () => 'done');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('done');
});
