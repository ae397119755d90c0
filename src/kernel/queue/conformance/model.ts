import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, Queue, Queues } from '../queue.js';
import { bytes, type QueueHarness, textOf } from './harness.js';

type Command =
  | { readonly type: 'publish'; readonly id: number }
  | { readonly type: 'take'; readonly max: number }
  | { readonly type: 'ack' | 'nak' | 'reject'; readonly pick: number }
  | { readonly type: 'pass' }
  | { readonly type: 'reopen' };

/** What must be true of a queue, kept in plain lists. */
class Model {
  readonly published = new Set<string>();
  readonly done = new Set<string>();
  readonly dead = new Set<string>();
  readonly leased = new Map<string, Delivery>();
  readonly attempts = new Map<string, number>();

  waiting(): string[] {
    const others = [this.done, this.dead, this.leased];
    return [...this.published].filter((text) => !others.some((set) => set.has(text)));
  }
}

const maxDeliveries = 3;

/** Time passes only where a test can make it. */
function commands(passes: boolean): fc.Arbitrary<Command> {
  const others = passes ? fc.constantFrom('pass', 'reopen') : fc.constant('reopen');
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('publish'), id: fc.nat(30) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('take'), max: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('ack', 'nak', 'reject'), pick: fc.nat(10) }) },
    { weight: 1, arbitrary: fc.record({ type: others }) },
  ) as fc.Arbitrary<Command>;
}

/** Every message is somewhere, once, whatever is done to the queue. */
export function describeModel(harness: QueueHarness): void {
  describe('whatever is done to a queue', () => {
    it('loses no message, ends none twice and delivers none that has ended', {
      timeout: 120_000,
    }, async () => {
      const command = commands(harness.advance !== undefined);
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 60 }), async (given) => {
          let queues: Queues = await harness.open();
          let queue: Queue = await queues.open('work', { maxDeliveries });
          const model = new Model();
          try {
            for (const one of given) {
              if (one.type === 'reopen') {
                queues = await harness.reopen(queues);
                queue = await queues.open('work', { maxDeliveries });
              } else await apply(one, queue, model, harness);
              await compare(queue, model);
            }
          } finally {
            await harness.dispose(queues);
          }
        }),
        { numRuns: harness.advance === undefined ? 10 : 40 },
      );
    });
  });
}

async function apply(
  one: Exclude<Command, { type: 'reopen' }>,
  queue: Queue,
  model: Model,
  { advance, unitMs }: QueueHarness,
): Promise<void> {
  const leaseMs = advance === undefined ? 60_000 : 5 * unitMs;
  switch (one.type) {
    case 'publish': {
      const text = `m${one.id}`;
      const { duplicate } = await queue.publish(bytes(text), { id: text });
      expect(duplicate).toBe(model.published.has(text));
      model.published.add(text);
      return;
    }
    case 'take': {
      const before = model.waiting();
      const deliveries = await queue.take({ max: one.max, leaseMs });
      // an engine may be told of some of them a little later
      expect(deliveries.length).toBeLessThanOrEqual(one.max);
      expect(deliveries.length > 0).toBe(before.length > 0);
      for (const delivery of deliveries) {
        const text = textOf(delivery);
        expect(before).toContain(text);
        const attempt = (model.attempts.get(text) ?? 0) + 1;
        expect(delivery.attempt).toBe(attempt);
        model.attempts.set(text, attempt);
        model.leased.set(text, delivery);
      }
      return;
    }
    case 'pass':
      advance?.(leaseMs);
      for (const text of [...model.leased.keys()]) giveBack(model, text);
      return;
    default:
      await end(one.type, one.pick, queue, model);
  }
}

async function end(type: 'ack' | 'nak' | 'reject', pick: number, queue: Queue, model: Model): Promise<void> {
  const [text, delivery] = [...model.leased][pick % Math.max(1, model.leased.size)] ?? [];
  if (text === undefined || delivery === undefined) return;
  if (type === 'ack') {
    await queue.ack(delivery.lease);
    model.leased.delete(text);
    model.done.add(text);
  } else if (type === 'nak') {
    await queue.nak(delivery.lease);
    giveBack(model, text);
  } else {
    await queue.reject(delivery.lease, 'It cannot be done.');
    model.leased.delete(text);
    model.dead.add(text);
  }
}

function giveBack(model: Model, text: string): void {
  model.leased.delete(text);
  if (model.attempts.get(text) === maxDeliveries) model.dead.add(text);
}

async function compare(queue: Queue, model: Model): Promise<void> {
  const { ready, leased, dead, delayed } = await queue.stats();
  expect({ ready, leased, dead, delayed }).toEqual({
    ready: model.waiting().length,
    leased: model.leased.size,
    dead: model.dead.size,
    delayed: 0,
  });
}
