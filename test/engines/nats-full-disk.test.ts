import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { isAtLeast } from '../../src/kernel/nats/index.js';
import { openNatsQueues, type Queue } from '../../src/kernel/queue/index.js';
import { whyNoSmallDisk, withSmallDisk } from '../durability/small-disk.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingNats() ?? (await whyNoSmallDisk('NATS'));
if (missing !== undefined) console.log(`NATS on a full disk is not tested: ${missing}`);

const logger = { info: () => {}, warn: () => {}, error: () => {} };

/** Takes what is left of a disk. */
async function fill(file: string): Promise<void> {
  for (const size of [1_048_576, 4_096, 1])
    for (let isFull = false; !isFull; )
      await writeFile(file, Buffer.alloc(size), { flag: 'a' }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
        isFull = true;
      });
}

/** The ids of what there is, until the one that is waited for. */
async function idsUntil(queue: Queue, last: string): Promise<string[]> {
  const ids: string[] = [];
  while (!ids.includes(last))
    for (const { id = '', lease } of await queue.take({ max: 5, leaseMs: 60_000, waitMs: Infinity })) {
      ids.push(id);
      await queue.ack(lease);
    }
  return ids;
}

describe.skipIf(missing !== undefined)('NATS whose disk is full', () => {
  it('refuses messages, keeps what it has, and takes them again when there is room', {
    timeout: 180_000,
  }, async () => {
    await withSmallDisk(async (disk) => {
      const server = await startNats({
        jetStream: false,
        configuration: `jetstream { store_dir: "${join(disk, 'nats')}", max_file: 1GB }`,
      });
      const queues = await openNatsQueues({ servers: server.urls, logger, patienceMs: 10_000 });
      const version = /JetStream ([\d.]+)/.exec(queues.durability)?.[1] ?? '';
      // older ones switch JetStream off until they are started again, and do not stop where they are told to
      const isSwitchedOff = !isAtLeast(version, 2, 11);
      const large = (byte: number) => Buffer.alloc(100_000, byte);
      try {
        const queue = await queues.open('work');
        await queue.publish(large(1), { id: 'kept' });
        await fill(join(disk, 'others'));
        await expectError(
          queue.publish(large(2), { id: 'refused' }),
          isSwitchedOff ? 'storage-unavailable' : 'storage-full',
        );
        await rm(join(disk, 'others'));
        if (isSwitchedOff) await server.kill();
        if (isSwitchedOff) await server.restart();
        await queue.publish(large(3), { id: 'later' });
        await server.restart();
        await queue.publish(large(4), { id: 'last' });
        const ids = await idsUntil(queue, 'last');
        // where nobody answered, nobody knows whether it was written
        const known = isSwitchedOff ? ids.filter((id) => id !== 'refused') : ids;
        expect(known).toEqual(['kept', 'later', 'last']);
        expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0, dead: 0 });
      } finally {
        await queues.close();
        await server.close();
      }
    }, 16);
  });
});
