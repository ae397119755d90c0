import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../kernel/clock/index.js';
import { type MergeOrder, probeCaps, RunPool } from './index.js';

let pool: RunPool;
afterEach(() => pool.close());

async function openPool(): Promise<void> {
  pool = new RunPool({
    party: 'VU',
    sizes: { warm: 1, max: 2, queue: 4, memoryMegabytes: 256, timeSeconds: 60 },
    support: await probeCaps(),
    clock: systemClock,
    likelyDatabase: () => undefined,
    likelyMemoryMegabytes: 256,
  });
  await pool.start();
}

const merge: MergeOrder = {
  kind: 'merge',
  partials: [
    {
      algorithm: 'count',
      groups: [],
      rows: [],
      withheld: { groups: 0, total: false, minimumGroupSize: 10 },
    },
  ],
  minimumGroupSize: 10,
  limits: { timeMs: 60_000, memoryMegabytes: 256, rows: 10, resultBytes: 1_000 },
};

it('gives an order a second run while nobody has its answer yet', async () => {
  await openPool();
  let end = () => {};
  const answered = new Promise<void>((resolve) => {
    end = resolve;
  });
  const ran = [await pool.run(merge, { answered }), await pool.run(merge, { answered })];
  expect(ran.map(({ result }) => result.kind)).toEqual(['answer', 'answer']);
  expect(pool.status()).toMatchObject({ working: 0, waiting: 0, finished: 2 });
  end();
});

it('has nobody wait for a run who is gone', async () => {
  await openPool();
  const signal = AbortSignal.abort();
  const alreadyGone = pool.run(merge, { signal });
  await expect(alreadyGone).rejects.toMatchObject({ code: 'request-cancelled' });
  expect(pool.status()).toMatchObject({ working: 0, waiting: 0, finished: 0, warm: 1 });
});
