import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../clock/index.js';
import { describeQueue } from '../conformance.js';
import type { Queues } from '../queue.js';
import { openLocalQueues } from './open.js';

const clock = new ManualClock();
const folders = new Map<Queues, string>();

async function openIn(folder: string): Promise<Queues> {
  const queues = await openLocalQueues({ folder, clock });
  folders.set(queues, folder);
  return queues;
}

describeQueue('local', {
  open: async () => openIn(await mkdtemp(join(tmpdir(), 'starling-queue-'))),
  reopen: async (queues) => {
    await queues.close();
    return openIn(folders.get(queues) ?? '');
  },
  dispose: async (queues) => {
    await queues.close();
    await rm(folders.get(queues) ?? '', { recursive: true, force: true });
  },
  advance: (ms) => clock.advance(ms),
  unitMs: 1_000,
});
