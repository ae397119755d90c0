import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenOrders } from './seen-orders.js';

describe('seen orders', () => {
  it('are known from when they were taken until they would be too old anyway', () => {
    const seen = new SeenOrders();
    expect(seen.has('a')).toBe(false);
    seen.add('a', 1_000, 0);
    expect([seen.has('a'), seen.has('b')]).toEqual([true, false]);
    seen.add('b', 2_000, 999);
    expect(seen.has('a')).toBe(true);
    seen.add('c', 3_000, 1_000);
    expect([seen.has('a'), seen.has('b'), seen.has('c')]).toEqual([false, true, true]);
  });

  it('are never forgotten before their time, in whatever order they expire', () => {
    const taken = fc.record({ after: fc.nat(500), life: fc.integer({ min: 1, max: 2_000 }) });
    fc.assert(
      fc.property(fc.array(taken, { maxLength: 50 }), (orders) => {
        const seen = new SeenOrders();
        const known: { id: string; expiresAt: number }[] = [];
        let now = 0;
        for (const [index, { after, life }] of orders.entries()) {
          now += after;
          const id = `o${index}`;
          seen.add(id, now + life, now);
          known.push({ id, expiresAt: now + life });
          const replayable = known.filter((one) => one.expiresAt > now && !seen.has(one.id));
          expect(replayable).toEqual([]);
        }
      }),
    );
  });
});
