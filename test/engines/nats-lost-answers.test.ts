import { afterAll, describe, expect, it } from 'vitest';
import { openNatsBlobs } from '../../src/kernel/blobs/index.js';
import { Closers } from '../../src/kernel/closers/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { type Delivery, openNatsQueues, type Queue } from '../../src/kernel/queue/index.js';
import { missingNats, startNats } from '../servers/nats.js';
import { lifeOfBlob } from './blob-life.js';
import { CuttingProxy } from './cutting-proxy.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Lost answers of NATS are not tested: ${missing}`);

const logger = { info: () => {}, warn: () => {}, error: () => {} };
const closers = new Closers();
afterAll(() => closers.close());

interface Place {
  readonly servers: readonly string[];
  readonly prefix: string;
}

/** Lives a life once for each piece that a server says in it, with that one lost: all at the same time, since each waits for long. */
async function losingEach(pieces: number, live: (place: Place) => Promise<void>): Promise<void> {
  const server = await startNats();
  closers.push(() => server.close());
  const [url = ''] = server.urls;
  const cuts = await Promise.all(
    Array.from({ length: pieces + 1 }, async (_, index) => {
      const proxy = await CuttingProxy.start(`http://${new URL(url).host}`);
      closers.push(() => proxy.close());
      if (index < pieces) proxy.chunksToLoss = index;
      await live({ servers: [new URL(proxy.url).host], prefix: `p${index}` });
      return proxy.cuts;
    }),
  );
  expect(cuts.pop()).toBe(0);
  // a busy machine makes fewer pieces of the same answers: the last ones may not come
  expect(Math.max(...cuts)).toBe(1);
  expect(cuts.lastIndexOf(1)).toBeGreaterThan(pieces / 2);
}

/** Takes one after the other until as many different messages were had as there are; each comes, and none that was done. */
async function takeEach(queue: Queue, count: number): Promise<Map<string, Delivery>> {
  const had = new Map<string, Delivery>();
  while (had.size < count) {
    for (const delivery of await queue.take({ max: 1, leaseMs: 60_000, waitMs: Number.POSITIVE_INFINITY }))
      had.set(Buffer.from(delivery.body).toString(), delivery);
  }
  return had;
}

const leaseOf = (had: Map<string, Delivery>, text: string) => had.get(text)?.lease ?? 'none';

async function lifeOfQueue({ servers, prefix }: Place): Promise<void> {
  const queues = await openNatsQueues({ servers, prefix, logger });
  try {
    const queue = await queues.open('work', { capacity: 3 });
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      expect(await queue.publish(Buffer.from(id), { id })).toMatchObject({ sequence: index + 1 });
    }
    await expectError(queue.publish(Buffer.from('d')), 'queue-full');
    const had = await takeEach(queue, 3);
    expect([...had.keys()].sort()).toEqual(['a', 'b', 'c']);
    await queue.extend(leaseOf(had, 'a'), 50_000);
    await queue.ack(leaseOf(had, 'a'));
    await queue.nak(leaseOf(had, 'b'));
    await queue.reject(leaseOf(had, 'c'), 'not of ours');
    expect((await queue.deadLetters()).deadLetters).toMatchObject([{ sequence: 3, reason: 'not of ours' }]);
    await queue.retry(3);
    const again = await takeEach(queue, 2);
    expect([...again.keys()].sort()).toEqual(['b', 'c']);
    await queue.ack(leaseOf(again, 'b'));
    await queue.reject(leaseOf(again, 'c'), 'not of ours');
    await queue.forget((await queue.deadLetters()).deadLetters[0]?.sequence ?? 0);
    expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0, dead: 0 });
  } finally {
    await queues.close();
  }
}

describe
  .skipIf(missing !== undefined)
  .concurrent('NATS, one answer of which is lost, whichever it is', () => {
    it(
      'has queues that lose nothing, and deliver nothing that was done',
      () => losingEach(40, lifeOfQueue),
      60_000,
    );

    it(
      'has blobs that are whole, and held by those who hold them',
      () => losingEach(25, async (place) => lifeOfBlob(await openNatsBlobs({ ...place, logger }), 300_000)),
      60_000,
    );
  });
