import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { SeenOrders } from './seen-orders.js';

const hour = 3600;

let folder: string;
let state: State;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-seen-'));
  state = await openLocalState({ folder });
});

afterAll(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('seen orders', () => {
  it('are known from when they were taken, also by whoever opens the state again', async () => {
    const seen = await SeenOrders.open(state);
    expect(seen.has('a')).toBe(false);
    const written = seen.take('a', 1_000, 0);
    expect([seen.has('a'), seen.has('b')]).toEqual([true, false]);
    await written;
    expect((await SeenOrders.open(state)).has('a')).toBe(true);
  });

  it('are forgotten, in the state too, an hour after the order would be too old anyway', async () => {
    const seen = await SeenOrders.open(state);
    await seen.take('b', 2_000, 999 + hour);
    expect(seen.has('a')).toBe(true);
    await seen.take('c', 3_000, 1_000 + hour);
    expect([seen.has('a'), seen.has('b'), seen.has('c')]).toEqual([false, true, true]);
    const again = await SeenOrders.open(state);
    expect([again.has('a'), again.has('b'), again.has('c')]).toEqual([false, true, true]);
  });

  it('are never forgotten before their time, in whatever order they end', async () => {
    const taken = fc.record({ after: fc.nat(2 * hour), life: fc.integer({ min: 1, max: 2 * hour }) });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(taken, { maxLength: 20 }), async (orders) => {
        const seen = await SeenOrders.open(state);
        const known: { id: string; end: number }[] = [];
        run += 1;
        let now = 1_000_000;
        const writes: Promise<void>[] = [];
        for (const [index, { after, life }] of orders.entries()) {
          now += after;
          const id = `${run}/${index}`;
          writes.push(seen.take(id, now + life, now));
          known.push({ id, end: now + life });
          expect(known.filter((one) => one.end > now && !seen.has(one.id))).toEqual([]);
        }
        await Promise.all(writes);
        const again = await SeenOrders.open(state);
        expect(known.filter((one) => seen.has(one.id) !== again.has(one.id))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
