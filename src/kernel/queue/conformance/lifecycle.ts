import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { bytes, drain, type QueueHarness, takeOne, textOf, withQueues } from './harness.js';

/** What a stop and a start keep. */
export function describeLifecycle(harness: QueueHarness): void {
  const { unitMs } = harness;

  describe('queues that were closed and opened again', () => {
    it(
      'have every message, its attempts, its id and its priority',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        await queue.publish(bytes('one'), { id: 'a' });
        const priority = queues.capabilities.priorities ? 3 : 0;
        await queue.publish(bytes('two'), { priority });
        const second = await takeOne(queue);
        await queue.nak(second.lease);
        const again = await harness.reopen(queues);
        const reopened = await again.open('work');
        expect(await again.names()).toEqual(['work']);
        expect((await reopened.publish(bytes('again'), { id: 'a' })).duplicate).toBe(true);
        const messages = await reopened.take({ max: 2, leaseMs: 60_000, waitMs: Infinity });
        const attempts = messages.map((message) => [textOf(message), message.attempt]);
        expect(attempts).toEqual(
          priority === 3
            ? [
                ['two', 2],
                ['one', 1],
              ]
            : [
                ['one', 2],
                ['two', 1],
              ],
        );
        expect(messages.find((message) => textOf(message) === 'one')?.id).toBe('a');
        expect(messages.find((message) => textOf(message) === 'two')?.priority).toBe(priority);
        await harness.dispose(again);
      }),
    );

    it(
      'let a worker that lived on end its lease, and give it its full time',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        await queue.publish(bytes('one'));
        const { lease } = await takeOne(queue, 20 * unitMs);
        const again = await harness.reopen(queues);
        const reopened = await again.open('work');
        expect(await reopened.take({ max: 1, leaseMs: unitMs })).toEqual([]);
        await reopened.ack(lease);
        expect(await drain(reopened)).toEqual([]);
        await harness.dispose(again);
      }),
    );

    it(
      'never give a sequence twice, and keep dead letters and pauses',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        const first = await queue.publish(bytes('one'));
        await queue.ack((await takeOne(queue)).lease);
        const second = await queue.publish(bytes('two'));
        await queue.reject((await takeOne(queue)).lease, 'It cannot be done.');
        if (queues.capabilities.pause) await queue.pause();
        const again = await harness.reopen(queues);
        const reopened = await again.open('work');
        const third = await reopened.publish(bytes('three'));
        expect(new Set([first, second, third].map(({ sequence }) => sequence)).size).toBe(3);
        if (queues.capabilities.pause) expect(await reopened.take({ max: 1, leaseMs: 60_000 })).toEqual([]);
        expect((await reopened.deadLetters()).deadLetters.map(textOf)).toEqual(['two']);
        if (queues.capabilities.pause) await reopened.resume();
        expect(await drain(reopened)).toEqual(['three']);
        await harness.dispose(again);
      }),
    );
  });

  describe('a queue that is opened again', () => {
    it(
      'keeps what it was told of itself, where that is not said again',
      withQueues(harness, async (queues) => {
        await queues.open('work', { capacity: 7 });
        expect(await (await queues.open('work')).stats()).toMatchObject({ capacity: 7 });
        expect(await (await queues.open('work', { maxDeliveries: 2 })).stats()).toMatchObject({
          capacity: 7,
        });
        const again = await harness.reopen(queues);
        expect(await (await again.open('work')).stats()).toMatchObject({ capacity: 7 });
        expect(await (await again.open('work', { capacity: 8 })).stats()).toMatchObject({ capacity: 8 });
        expect(await (await again.open('work')).stats()).toMatchObject({ capacity: 8 });
        await harness.dispose(again);
      }),
    );
  });

  describe('closed queues', () => {
    it(
      'send away who waits, and refuse everything else',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        const waiting = queue.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
        await queues.close();
        expect(await waiting).toEqual([]);
        await expectError(queue.publish(bytes('one')), 'shutting-down');
        await expectError(queue.take({ max: 1, leaseMs: 60_000 }), 'shutting-down');
        await expectError(queues.open('work'), 'shutting-down');
      }),
    );

    it(
      'take only names that every engine takes',
      withQueues(harness, async (queues) => {
        for (const name of ['', 'Work', '1st', 'a b', 'a'.repeat(65)])
          await expectError(queues.open(name), 'input-invalid');
        await expectError(queues.open('work', { capacity: 0 }), 'input-invalid');
      }),
    );
  });
}
