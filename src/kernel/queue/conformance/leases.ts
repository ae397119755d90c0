import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { bytes, drain, type QueueHarness, takeOne, textOf, withQueue } from './harness.js';

/** Leases that lapse, are extended and given back. */
export function describeLeases(harness: QueueHarness): void {
  const { unitMs } = harness;
  const pass = (ms: number) => harness.advance?.(ms);

  describe('a lease', () => {
    it(
      'that lapses gives the message to another, and its holder is told',
      withQueue(harness, async (queue) => {
        const { sequence } = await queue.publish(bytes('one'));
        const first = await takeOne(queue, unitMs);
        const waiting = takeOne(queue);
        pass(unitMs);
        const second = await waiting;
        expect(second).toMatchObject({ sequence, attempt: 2 });
        await expectError(queue.ack(first.lease), 'lease-lapsed');
        await expectError(queue.extend(first.lease, unitMs), 'lease-lapsed');
        await expectError(queue.nak(first.lease), 'lease-lapsed');
        await expectError(queue.reject(first.lease, 'no'), 'lease-lapsed');
        await queue.ack(second.lease);
        expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0, redelivered: 1 });
      }),
    );

    it(
      'that is extended does not lapse before its new time',
      withQueue(harness, async (queue) => {
        await queue.publish(bytes('one'));
        const delivery = await takeOne(queue, unitMs);
        await queue.extend(delivery.lease, 20 * unitMs);
        await queue.publish(bytes('two'));
        await takeOne(queue, 2 * unitMs);
        const waiting = takeOne(queue);
        pass(2 * unitMs);
        expect(textOf(await waiting)).toBe('two');
        await queue.ack(delivery.lease);
      }),
    );

    it(
      'is ended once only',
      withQueue(harness, async (queue) => {
        await queue.publish(bytes('one'));
        const { lease } = await takeOne(queue);
        const ends = await Promise.allSettled([queue.ack(lease), queue.ack(lease), queue.nak(lease)]);
        expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
        expect(await drain(queue)).toEqual([]);
      }),
    );

    it(
      'that is given back frees the message at once, or after a while',
      withQueue(harness, async (queue) => {
        await queue.publish(bytes('one'));
        await queue.nak((await takeOne(queue)).lease);
        const again = await takeOne(queue);
        expect(again.attempt).toBe(2);
        await queue.nak(again.lease, { delayMs: unitMs });
        expect(await queue.take({ max: 1, leaseMs: 60_000 })).toEqual([]);
        const waiting = takeOne(queue);
        pass(unitMs);
        expect((await waiting).attempt).toBe(3);
      }),
    );
  });

  describe('a message that keeps failing', () => {
    it(
      'becomes a dead letter with its reason after its last delivery',
      withQueue(
        harness,
        async (queue) => {
          const { sequence } = await queue.publish(bytes('poison'), { id: 'p' });
          await queue.nak((await takeOne(queue)).lease);
          await queue.nak((await takeOne(queue)).lease, { reason: 'the image is broken.' });
          expect(await queue.take({ max: 1, leaseMs: 60_000 })).toEqual([]);
          expect(await queue.stats()).toMatchObject({ ready: 0, leased: 0, dead: 1, fill: 0 });
          const { deadLetters } = await queue.deadLetters();
          expect(deadLetters).toMatchObject([{ sequence, id: 'p', attempts: 2 }]);
          expect(deadLetters[0]?.reason).toContain('the image is broken.');
          expect(deadLetters.map(textOf)).toEqual(['poison']);
        },
        { maxDeliveries: 2 },
      ),
    );

    it(
      'becomes one too where nobody says anything',
      withQueue(
        harness,
        async (queue) => {
          await queue.publish(bytes('poison'));
          await queue.publish(bytes('well'));
          await queue.nak((await takeOne(queue)).lease);
          await takeOne(queue, unitMs);
          const well = await takeOne(queue);
          await queue.nak(well.lease, { delayMs: 2 * unitMs });
          const next = takeOne(queue);
          pass(2 * unitMs);
          expect(textOf(await next)).toBe('well');
          expect((await queue.deadLetters()).deadLetters.map(textOf)).toEqual(['poison']);
        },
        { maxDeliveries: 2 },
      ),
    );

    it(
      'is a dead letter at once where it was rejected, and is delivered again when it is retried',
      withQueue(harness, async (queue) => {
        const { sequence } = await queue.publish(bytes('one'));
        await queue.reject((await takeOne(queue)).lease, 'The filter is not known.');
        expect((await queue.deadLetters()).deadLetters[0]?.reason).toBe('The filter is not known.');
        await queue.retry(sequence);
        expect(await queue.deadLetters()).toEqual({ deadLetters: [] });
        const again = await takeOne(queue);
        expect(again).toMatchObject({ attempt: 1 });
        await queue.ack(again.lease);
        await expectError(queue.retry(sequence), 'not-found');
      }),
    );

    it(
      'can be forgotten, and others are listed by page',
      withQueue(harness, async (queue) => {
        for (const text of ['a', 'b', 'c']) {
          await queue.publish(bytes(text));
          await queue.reject((await takeOne(queue)).lease, text);
        }
        const page = await queue.deadLetters({ limit: 2 });
        expect(page.deadLetters.map(textOf)).toEqual(['a', 'b']);
        const rest = await queue.deadLetters(page.next === undefined ? {} : { after: page.next });
        expect(rest.deadLetters.map(textOf)).toEqual(['c']);
        expect(rest).not.toHaveProperty('next');
        await queue.forget(page.deadLetters[0]?.sequence ?? 0);
        expect((await queue.deadLetters()).deadLetters.map(textOf)).toEqual(['b', 'c']);
      }),
    );
  });
}
