import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { openNatsBlobs } from '../../src/kernel/blobs/index.js';
import { Closers } from '../../src/kernel/closers/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { openNatsQueues, type Queue, type Queues } from '../../src/kernel/queue/index.js';
import { freePort } from '../operation/free-port.js';
import { missingNats, type NatsServerOptions, startNats, startNatsCluster } from '../servers/nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`NATS that fails is not tested: ${missing}`);

const logger = { info: () => {}, warn: () => {}, error: () => {} };
const closers = new Closers();

/** A server that is gone after the test. */
async function server(options: NatsServerOptions = {}) {
  const started = await startNats(options);
  closers.push(() => started.close());
  return started;
}

async function open(options: Parameters<typeof openNatsQueues>[0]): Promise<Queues & { identity: string }> {
  const queues = await openNatsQueues({ logger, patienceMs: 60_000, ...options });
  closers.push(() => queues.close());
  return queues;
}

afterEach(() => closers.close());

const body = (text: string) => Buffer.from(text);

/** Takes and acknowledges until `count` different messages were had; gives how often each came. */
async function takeAll(queue: Queue, count: number): Promise<Map<string, number>> {
  const had = new Map<string, number>();
  while (had.size < count) {
    for (const delivery of await queue.take({ max: 50, leaseMs: 60_000, waitMs: Infinity })) {
      const text = Buffer.from(delivery.body).toString();
      had.set(text, (had.get(text) ?? 0) + 1);
      await queue.ack(delivery.lease);
    }
  }
  return had;
}

describe.skipIf(missing !== undefined)('NATS that cannot be used', () => {
  it('is away', async () => {
    const servers = [`127.0.0.1:${await freePort()}`];
    for (const opening of [openNatsQueues, openNatsBlobs]) {
      const error = await expectError(opening({ servers, logger, patienceMs: 200 }), 'storage-unavailable');
      expect(error.message).toContain(`The store in NATS at ${servers[0]} could not be opened`);
    }
  });

  it('refuses the credentials, and takes the right ones', async () => {
    const { urls } = await server({ configuration: 'authorization { user: us, password: secret }' });
    const credentials = { user: 'us', password: 'guessed' };
    const error = await expectError(
      openNatsQueues({ servers: urls, logger, credentials, patienceMs: 5_000 }),
      'storage-refused',
    );
    expect(error.message).not.toContain('guessed');
    await expectError(openNatsQueues({ servers: urls, logger, patienceMs: 5_000 }), 'storage-refused');
    const queues = await open({ servers: urls, credentials: { user: 'us', password: 'secret' } });
    expect(await queues.names()).toEqual([]);
  });

  it('has no JetStream', async () => {
    const { urls } = await server({ jetStream: false });
    const error = await expectError(
      openNatsQueues({ servers: urls, logger, patienceMs: 200 }),
      'storage-failed',
    );
    expect(error.message).toContain('no JetStream');
  });

  it('is another store than before', async () => {
    const [one, other] = [await server(), await server()];
    const { identity } = await open({ servers: one.urls });
    expect((await open({ servers: one.urls, expected: identity })).identity).toBe(identity);
    const error = await expectError(
      openNatsQueues({ servers: other.urls, logger, expected: identity }),
      'storage-replaced',
    );
    expect(error.details).toMatchObject({ expected: identity });
  });

  it('has streams of another version, or of somebody else', async () => {
    const { urls } = await server();
    const connection = await connect({ servers: urls });
    const { streams } = await jetstreamManager(connection);
    const description = JSON.stringify({ starling: 'queue', version: 99 });
    await streams.add({ name: 'starling-queue-new', subjects: ['new'], description });
    await streams.add({ name: 'starling-queue-foreign', subjects: ['foreign'] });
    await connection.close();
    const queues = await open({ servers: urls });
    await expectError(queues.open('new'), 'storage-version');
    await expectError(queues.open('foreign'), 'storage-failed');
  });

  it('is full, and takes messages again when there is room', async () => {
    const { urls } = await server({ storageBytes: 1_000_000 });
    const queue = await (await open({ servers: urls })).open('work');
    const large = Buffer.alloc(400_000, 7);
    const blobs = await openNatsBlobs({ servers: urls, logger });
    closers.push(() => blobs.close());
    // a server takes what leads it over its limit, and nothing after that
    for (let taken = 0; taken < 3; taken += 1) await queue.publish(large);
    await expectError(queue.publish(large), 'storage-full');
    await expectError(blobs.write(parts(large, 1), { owner: 'one' }), 'storage-full');
    expect((await queue.stats()).ready).toBe(3);
    const deliveries = await queue.take({ max: 3, leaseMs: 60_000, waitMs: Infinity });
    for (const { lease } of deliveries) await queue.ack(lease);
    await queue.publish(large);
    expect((await blobs.write(parts(Buffer.from('small'), 1), { owner: 'one' })).bytes).toBe(5);
  });

  it('has lost a queue that was open', async () => {
    const { urls } = await server();
    const queue = await (await open({ servers: urls })).open('work');
    const connection = await connect({ servers: urls });
    const { streams } = await jetstreamManager(connection);
    for await (const name of streams.names()) await streams.delete(name);
    await connection.close();
    await expectError(queue.publish(body('one')), 'storage-replaced');
    await expectError(queue.take({ max: 1, leaseMs: 1_000 }), 'storage-replaced');
    await expectError(queue.stats(), 'storage-replaced');
  });
});

async function* parts(content: Buffer, times: number): AsyncGenerator<Buffer> {
  for (let time = 0; time < times; time += 1) yield content;
}

describe.skipIf(missing !== undefined)('NATS that goes away for a while', () => {
  it('loses nothing it acknowledged, and those who wait get what comes', { timeout: 120_000 }, async () => {
    const started = await server();
    const queues = await open({ servers: started.urls });
    const queue = await queues.open('work');
    const other = await (await open({ servers: started.urls })).open('work');
    const taken = takeAll(other, 60);
    const publishing: Promise<unknown>[] = [];
    for (let number = 0; number < 60; number += 1) {
      if (number === 20) await started.kill();
      publishing.push(queue.publish(body(`message ${number}`)));
      if (number === 40) await started.restart();
    }
    await Promise.all(publishing);
    const had = await taken;
    expect(had.size).toBe(60);
    // nobody was at work when it was killed: each came once
    expect([...had.values()].every((times) => times === 1)).toBe(true);
    expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0 });
  });

  it('goes on without one server of three', { timeout: 120_000 }, async () => {
    const cluster = await startNatsCluster(3);
    closers.push(() => cluster.close());
    const queues = await open({ servers: cluster.urls });
    expect(queues.durability).toContain('most of the 3 servers');
    const queue = await queues.open('work');
    const blobs = await openNatsBlobs({ servers: cluster.urls, logger, patienceMs: 60_000 });
    closers.push(() => blobs.close());
    const { hash } = await blobs.write(parts(Buffer.alloc(300_000, 3), 2), { owner: 'one' });
    const taken = takeAll(queue, 40);
    const publishing: Promise<unknown>[] = [];
    for (let number = 0; number < 40; number += 1) {
      if (number === 10) await cluster.members[0]?.kill();
      publishing.push(queue.publish(body(`message ${number}`)));
    }
    await Promise.all(publishing);
    expect((await taken).size).toBe(40);
    expect(await blobs.owners(hash)).toEqual(['one']);
    let bytes = 0;
    for await (const part of await blobs.read(hash)) bytes += (part as Buffer).length;
    expect(bytes).toBe(600_000);
  });
});

describe.skipIf(missing !== undefined)('a lease in NATS', () => {
  it('can be extended and ended by another process, once', async () => {
    const { urls } = await server();
    const one = await (await open({ servers: urls })).open('work');
    const other = await (await open({ servers: urls })).open('work');
    await one.publish(body('one'));
    const [delivery] = await one.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
    const lease = delivery?.lease ?? '';
    await other.extend(lease, 120_000);
    await other.ack(lease);
    await expectError(other.ack(lease), 'lease-lapsed');
    expect(await one.stats()).toMatchObject({ ready: 0, leased: 0 });
  });

  it('does not count at any process after it was given back, or after the message was delivered again', async () => {
    const { urls } = await server();
    const one = await (await open({ servers: urls })).open('work');
    const other = await (await open({ servers: urls })).open('work');
    await one.publish(body('one'));
    const [first] = await one.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
    await one.nak(first?.lease ?? '');
    await expectError(other.ack(first?.lease ?? ''), 'lease-lapsed');
    const [second] = await one.take({ max: 1, leaseMs: 500, waitMs: Infinity });
    const [third] = await other.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
    expect([first, second, third].map((delivery) => delivery?.attempt)).toEqual([1, 2, 3]);
    for (const lapsed of [first, second])
      for (const queue of [one, other]) await expectError(queue.ack(lapsed?.lease ?? ''), 'lease-lapsed');
    await one.ack(third?.lease ?? '');
    expect(await other.stats()).toMatchObject({ ready: 0, leased: 0, delayed: 0, dead: 0 });
  });

  it('of a process that was killed lapses, and others see what it had given back', async () => {
    const { urls } = await server();
    const lost = await openNatsQueues({ servers: urls, logger });
    const queue = await lost.open('work');
    await queue.publish(body('given back'));
    await queue.publish(body('held'));
    const [back] = await queue.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
    await queue.nak(back?.lease ?? '', { delayMs: 600_000 });
    await queue.take({ max: 1, leaseMs: 500, waitMs: Infinity });
    await lost.close();
    const other = await (await open({ servers: urls })).open('work');
    expect(await other.stats()).toMatchObject({ ready: 0, delayed: 1, leased: 1 });
    const [held] = await other.take({ max: 5, leaseMs: 60_000, waitMs: Infinity });
    expect(Buffer.from(held?.body ?? []).toString()).toBe('held');
    expect(held?.attempt).toBe(2);
  });
});
