import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { bytes, drain, type QueueHarness, takeOne, textOf, withQueue, withQueues } from './harness.js';

/** Priorities, delays and pauses: each where the engine has it. */
export function describeOrder(harness: QueueHarness): void {
  const { unitMs } = harness;

  describe('the order of messages', () => {
    it(
      'follows their priority, and then their age, where the engine has priorities',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        if (!queues.capabilities.priorities) {
          await expectError(queue.publish(bytes('high'), { priority: 1 }), 'input-invalid');
          return;
        }
        for (const [text, priority] of [
          ['low', 0],
          ['high', 9],
          ['middle', 4],
          ['high too', 9],
        ] as const)
          await queue.publish(bytes(text), { priority });
        const texts = await drain(queue);
        expect(texts).toHaveLength(4);
        expect(texts).toEqual(['high', 'high too', 'middle', 'low']);
      }),
    );

    it(
      'lets a message that was given back go before later ones',
      withQueue(harness, async (queue) => {
        for (const text of ['one', 'two', 'three']) await queue.publish(bytes(text));
        await queue.nak((await takeOne(queue)).lease);
        expect(await drain(queue)).toEqual(['one', 'two', 'three']);
      }),
    );

    it(
      'keeps back what is published for later, where the engine can',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        if (!queues.capabilities.delayedPublish) {
          await expectError(queue.publish(bytes('later'), { delayMs: unitMs }), 'input-invalid');
          return;
        }
        await queue.publish(bytes('later'), { delayMs: unitMs });
        await queue.publish(bytes('now'));
        expect(await queue.stats()).toMatchObject({ ready: 1, delayed: 1 });
        expect(await drain(queue)).toEqual(['now']);
        const waiting = takeOne(queue);
        harness.advance?.(unitMs);
        expect(textOf(await waiting)).toBe('later');
      }),
    );
  });

  describe('a paused queue', () => {
    it(
      'takes messages in and delivers none until it goes on, where the engine can pause',
      withQueues(harness, async (queues) => {
        const queue = await queues.open('work');
        if (!queues.capabilities.pause) {
          await expectError(queue.pause(), 'input-invalid');
          await expectError(queue.resume(), 'input-invalid');
          return;
        }
        await queue.pause();
        const waiting = takeOne(queue);
        await queue.publish(bytes('one'));
        expect(await queue.take({ max: 1, leaseMs: 60_000 })).toEqual([]);
        expect(await queue.stats()).toMatchObject({ ready: 1, paused: true });
        await queue.resume();
        expect(textOf(await waiting)).toBe('one');
      }),
    );
  });
}
