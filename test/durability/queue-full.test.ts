import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../src/kernel/errors/index.js';
import { openLocalQueues, type Queue } from '../../src/kernel/queue/index.js';
import { whyNoSmallDisk, withSmallDisk } from './small-disk.js';

const problem = await whyNoSmallDisk('the queue');
const leaseMs = 60_000;

/** Publishes until the disk is full; the bodies that were acknowledged. */
async function fill(queue: Queue, bytes: number): Promise<string[]> {
  for (const bodies: string[] = []; ; ) {
    const body = `${bodies.length}`.padEnd(bytes, 'x');
    try {
      await queue.publish(Buffer.from(body), { id: `${bytes}/${bodies.length}` });
    } catch (thrown) {
      if (!(thrown instanceof StarlingError)) throw thrown;
      expect(thrown.code).toBe('storage-full');
      return bodies;
    }
    bodies.push(body);
  }
}

describe.skipIf(problem !== undefined)('a local queue on a full disk', () => {
  it('refuses what comes, delivers what it has, and goes on once there is space', async () => {
    await withSmallDisk(async (disk) => {
      const ballast = join(disk, 'ballast');
      await writeFile(ballast, Buffer.alloc(512 * 1024));
      const folder = join(disk, 'queues');
      const queues = await openLocalQueues({ folder });
      const queue = await queues.open('work');
      const bodies = await fill(queue, 50_000);
      expect(bodies.length).toBeGreaterThan(2);
      expect(await queue.stats()).toMatchObject({ ready: bodies.length, leased: 0, dead: 0 });

      await rm(ballast);
      // an id whose publishing was refused is not remembered
      expect(await queue.publish(Buffer.from('after'), { id: `50000/${bodies.length}` })).toMatchObject({
        duplicate: false,
      });
      const [first] = await queue.take({ max: 1, leaseMs });
      expect(Buffer.from(first?.body ?? '').toString()).toBe(bodies[0]);
      await queue.ack(first?.lease ?? '');
      await queues.close();

      const again = await openLocalQueues({ folder });
      const left = await (await again.open('work')).take({ max: 1000, leaseMs });
      expect(left.map(({ body }) => Buffer.from(body).toString())).toEqual([...bodies.slice(1), 'after']);
      await again.close();
    });
  });

  it('ends what it has all the same, which makes room', async () => {
    await withSmallDisk(async (disk) => {
      const queues = await openLocalQueues({ folder: join(disk, 'queues') });
      const queue = await queues.open('work');
      const bodies = await fill(queue, 50_000);
      const deliveries = await queue.take({ max: 1000, leaseMs });
      for (const { lease } of deliveries) await queue.ack(lease);
      expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0 });
      const half = bodies.slice(bodies.length / 2);
      for (const body of half) await queue.publish(Buffer.from(body));
      expect(await queue.stats()).toMatchObject({ ready: half.length });
      await queues.close();
    });
  });
});
