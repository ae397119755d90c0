import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { queueLimits } from '../limits.js';
import { bytes, drain, type QueueHarness, takeOne, textOf, withQueue, withQueues } from './harness.js';

/** Publishing, taking and ending. */
export function describeDeliveries(harness: QueueHarness): void {
  describe('messages', () => {
    it(
      'come in the order in which they were published, with what was said of them',
      withQueue(harness, async (queue) => {
        const first = await queue.publish(bytes('one'), { id: 'a' });
        const second = await queue.publish(bytes('two'));
        expect(first.duplicate).toBe(false);
        expect(second.sequence).toBeGreaterThan(first.sequence);
        const [one, two] = await queue.take({ max: 10, leaseMs: 60_000, waitMs: Infinity });
        expect(one).toMatchObject({ sequence: first.sequence, id: 'a', priority: 0, attempt: 1 });
        expect([one, two].map((delivery) => delivery && textOf(delivery))).toEqual(['one', 'two']);
        expect(two).not.toHaveProperty('id');
        expect(one?.lease).not.toBe(two?.lease);
      }),
    );

    it(
      'are not delivered to two at once, nor after they were acknowledged',
      withQueue(harness, async (queue) => {
        await queue.publish(bytes('one'));
        const delivery = await takeOne(queue);
        expect(await queue.take({ max: 1, leaseMs: 60_000 })).toEqual([]);
        await queue.ack(delivery.lease);
        expect(await queue.take({ max: 1, leaseMs: 60_000 })).toEqual([]);
        expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0, delayed: 0, dead: 0, fill: 0 });
      }),
    );

    it(
      'may be empty, and as large as the limit, and no larger',
      withQueue(harness, async (queue) => {
        const large = new Uint8Array(queueLimits.bodyBytes).fill(7);
        await queue.publish(new Uint8Array());
        await queue.publish(large);
        await expectError(queue.publish(new Uint8Array(queueLimits.bodyBytes + 1)), 'input-too-large');
        expect((await takeOne(queue)).body.byteLength).toBe(0);
        expect(Buffer.compare((await takeOne(queue)).body, large)).toBe(0);
      }),
    );

    it(
      'are waited for, by whoever came first',
      withQueue(harness, async (queue) => {
        const waiting = [takeOne(queue), takeOne(queue)];
        await queue.publish(bytes('one'));
        await queue.publish(bytes('two'));
        const texts = (await Promise.all(waiting)).map(textOf);
        expect(texts.sort()).toEqual(['one', 'two']);
      }),
    );

    it(
      'are not waited for beyond a signal',
      withQueue(harness, async (queue) => {
        const stop = new AbortController();
        const taken = queue.take({ max: 1, leaseMs: 60_000, waitMs: Infinity, signal: stop.signal });
        stop.abort();
        expect(await taken).toEqual([]);
        await queue.publish(bytes('one'));
        expect(await drain(queue)).toEqual(['one']);
      }),
    );

    it(
      'of one queue are not those of another',
      withQueues(harness, async (queues) => {
        const [one, other] = [await queues.open('one'), await queues.open('other')];
        await one.publish(bytes('for one'), { id: 'same' });
        expect((await other.publish(bytes('for other'), { id: 'same' })).duplicate).toBe(false);
        expect(await drain(one)).toEqual(['for one']);
        expect(await drain(other)).toEqual(['for other']);
        expect(await queues.names()).toEqual(['one', 'other']);
      }),
    );

    it(
      'of one id count once, also where both are published at the same time',
      withQueue(harness, async (queue) => {
        const both = await Promise.all([
          queue.publish(bytes('one'), { id: 'a' }),
          queue.publish(bytes('again'), { id: 'a' }),
        ]);
        expect(both.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
        expect(both[0].sequence).toBe(both[1].sequence);
        expect(await drain(queue)).toHaveLength(1);
        expect(await queue.publish(bytes('later'), { id: 'a' })).toEqual({
          sequence: both[0].sequence,
          duplicate: true,
        });
        expect(await drain(queue)).toEqual([]);
      }),
    );

    it(
      'that do not fit are refused, and none is dropped',
      withQueue(
        harness,
        async (queue) => {
          await queue.publish(bytes('one'));
          await queue.publish(bytes('two'));
          const error = await expectError(queue.publish(bytes('three')), 'queue-full');
          expect(error.details).toEqual({ queue: 'work', capacity: 2 });
          expect(await queue.stats()).toMatchObject({ ready: 2, fill: 1, capacity: 2 });
          await queue.ack((await takeOne(queue)).lease);
          await queue.publish(bytes('four'));
          expect(await drain(queue)).toEqual(['two', 'four']);
        },
        { capacity: 2 },
      ),
    );

    it(
      'that come at once share the room there is',
      withQueue(
        harness,
        async (queue) => {
          const many = Array.from({ length: 20 }, (_, index) => queue.publish(bytes(`${index}`)));
          const settled = await Promise.allSettled(many);
          expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
          expect(await drain(queue)).toHaveLength(5);
        },
        { capacity: 5 },
      ),
    );

    it(
      'are refused where what is said of them makes no sense',
      withQueue(harness, async (queue) => {
        await expectError(queue.publish(bytes('x'), { id: '' }), 'input-invalid');
        await expectError(queue.publish(bytes('x'), { id: 'i'.repeat(257) }), 'input-invalid');
        await expectError(queue.publish(bytes('x'), { priority: 10 }), 'input-invalid');
        await expectError(queue.publish(bytes('x'), { delayMs: -1 }), 'input-invalid');
        await expectError(queue.take({ max: 0, leaseMs: 1000 }), 'input-invalid');
        await expectError(queue.take({ max: 1, leaseMs: 0 }), 'input-invalid');
        await expectError(queue.ack('no-lease'), 'lease-lapsed');
      }),
    );
  });
}
