import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLocalQueues } from './open.js';

it('opens a queue again as it was without a write', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'starling-queue-'));
  const contents: Buffer[] = [];
  for (const settings of [{ capacity: 7 }, { capacity: 7 }, {}]) {
    const queues = await openLocalQueues({ folder });
    await queues.open('work', settings);
    await queues.close();
    contents.push(await readFile(join(folder, 'data.mdb')));
  }
  const [first, ...others] = contents;
  expect(others.map((other) => first?.equals(other))).toEqual([true, true]);
  await rm(folder, { recursive: true });
});
