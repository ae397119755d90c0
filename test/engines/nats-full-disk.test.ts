import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { isAtLeast } from '../../src/kernel/nats/index.js';
import { openNatsQueues } from '../../src/kernel/queue/index.js';
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

describe.skipIf(missing !== undefined)('NATS whose disk is full', () => {
  it('refuses messages, keeps what it has, and takes them again when there is room', {
    timeout: 90_000,
  }, async () => {
    await withSmallDisk(async (disk) => {
      const server = await startNats({
        jetStream: false,
        configuration: `jetstream { store_dir: "${join(disk, 'nats')}", max_file: 1GB }`,
      });
      const queues = await openNatsQueues({ servers: server.urls, logger, patienceMs: 4_000 });
      try {
        const queue = await queues.open('work');
        await queue.publish(Buffer.alloc(100_000, 1), { id: 'kept' });
        await fill(join(disk, 'others'));
        const version = /JetStream ([\d.]+)/.exec(queues.durability)?.[1] ?? '';
        const refused = queue.publish(Buffer.alloc(100_000, 2));
        if (!isAtLeast(version, 2, 11)) {
          console.log(
            `Room on the disk of NATS ${version} is not tested: it stores nothing until it is started again.`,
          );
          await expectError(refused, 'storage-unavailable');
          return;
        }
        await expectError(refused, 'storage-full');
        await rm(join(disk, 'others'));
        await queue.publish(Buffer.alloc(100_000, 2), { id: 'later' });
        const had = await queue.take({ max: 5, leaseMs: 60_000, waitMs: 60_000 });
        expect(had.map(({ id }) => id)).toEqual(['kept', 'later']);
      } finally {
        await queues.close();
        await server.close();
      }
    }, 16);
  });
});
