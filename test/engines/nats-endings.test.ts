import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { Closers } from '../../src/kernel/closers/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { type Delivery, openNatsQueues, type Queue } from '../../src/kernel/queue/index.js';
import { missingNats, startNats } from '../servers/nats.js';
import { HoldingProxy } from './holding-proxy.js';

const missing = missingNats();
if (missing !== undefined) console.log(`How messages end in NATS is not tested: ${missing}`);

const logger = { info: () => {}, warn: () => {}, error: () => {} };
const closers = new Closers();

afterEach(() => closers.close());

async function open(url: string): Promise<Queue> {
  const queues = await openNatsQueues({ servers: [url], logger, patienceMs: 60_000 });
  closers.push(() => queues.close());
  return queues.open('work');
}

async function take(queue: Queue, leaseMs = 60_000): Promise<Delivery> {
  const [delivery] = await queue.take({ max: 1, leaseMs, waitMs: Infinity });
  if (delivery === undefined) throw new Error('nothing was delivered');
  return delivery;
}

/** A queue with one message, and what there is behind it. */
async function started() {
  const server = await startNats();
  closers.push(() => server.close());
  const queue = await open(server.url);
  await queue.publish(Buffer.from('one'));
  const connection = await connect({ servers: server.urls });
  closers.push(() => connection.close());
  return {
    server,
    queue,
    /** What a worker had noted that died then; the server gives its message to the next. */
    die: async ({ lease }: Delivery, mark: object) => {
      await jetstream(connection).publish('starling.aside.work.message.1.mark', JSON.stringify(mark));
      await connection.request(lease, '-NAK');
    },
  };
}

const end = { delivery: 1, attempt: 1, reason: 'it will not do' };
const nothing = { ready: 0, leased: 0, delayed: 0 };

describe.skipIf(missing !== undefined)('a message that a worker rejected before it died', () => {
  it('becomes a dead letter instead of being delivered again', async () => {
    const { queue, die } = await started();
    await die(await take(queue), { ...end, end: 'dying' });
    expect(await queue.take({ max: 5, leaseMs: 60_000 })).toEqual([]);
    expect(await queue.stats()).toMatchObject({ ...nothing, dead: 1 });
    const { deadLetters } = await queue.deadLetters();
    expect(deadLetters).toMatchObject([{ sequence: 1, attempts: 1, reason: 'it will not do' }]);
    await queue.retry(1);
    const again = await take(queue);
    expect(again).toMatchObject({ sequence: 1, attempt: 1 });
    await queue.ack(again.lease);
    expect(await queue.stats()).toMatchObject({ ...nothing, dead: 0 });
  });

  it('does not come again as one after it was forgotten', async () => {
    const { queue, die } = await started();
    await die(await take(queue), { ...end, end: 'dead' });
    expect(await queue.take({ max: 5, leaseMs: 60_000 })).toEqual([]);
    expect(await queue.stats()).toMatchObject({ ...nothing, dead: 0 });
  });
});

describe.skipIf(missing !== undefined)('an acknowledgement that arrives when another has the message', () => {
  /** One whose words can be held, and another who got the same message meanwhile. */
  async function two() {
    const { server, queue } = await started();
    const proxy = await HoldingProxy.start(server.url);
    closers.push(() => proxy.close());
    const slow = await open(proxy.url);
    const first = await take(slow, 1_000);
    // answered, so that the server has been told of the lease
    expect(await slow.stats()).toMatchObject({ leased: 1 });
    proxy.hold();
    const late = slow.ack(first.lease);
    const second = await take(queue);
    expect(second.attempt).toBe(2);
    return { queue, late, second, release: () => proxy.release() };
  }

  it('is refused where that one made it a dead letter', async () => {
    const { queue, late, second, release } = await two();
    const refused = expectError(late, 'lease-lapsed');
    await queue.reject(second.lease, 'it will not do');
    release();
    await refused;
    expect((await queue.deadLetters()).deadLetters).toMatchObject([{ sequence: 1, attempts: 2 }]);
    expect(await queue.stats()).toMatchObject({ ...nothing, dead: 1 });
  });

  it('counts where that one did not come to an end, who can make no dead letter of it then', async () => {
    const { queue, late, second, release } = await two();
    release();
    await late;
    await expectError(queue.reject(second.lease, 'it will not do'), 'lease-lapsed');
    expect((await queue.deadLetters()).deadLetters).toEqual([]);
    expect(await queue.stats()).toMatchObject({ ...nothing, dead: 0 });
  });
});
