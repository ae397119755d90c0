import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { entriesOf, type StateHarness, take, withState } from './harness.js';

/** Closing, opening again, and status. */
export function describeLifecycle(harness: StateHarness): void {
  describe('opening and closing', () => {
    it(
      'tells its status',
      withState(harness, async (state) => {
        expect(await state.status()).toMatchObject({ revision: 0, oldestRevision: 1, keys: 0, leases: 0 });
        await state.put('a', 1);
        await state.put('b', 1);
        await state.put('a', 2);
        await state.lease(5 * harness.capabilities.leaseMs);
        expect(await state.status()).toMatchObject({ revision: 3, oldestRevision: 1, keys: 2, leases: 1 });
      }),
    );

    it('has every acknowledged write, and goes on counting, when it is opened again', async () => {
      const first = await harness.open();
      let open = first;
      try {
        await first.put('a', { x: 1 });
        await first.put('b', 'é');
        await first.delete('a');
        const before = await entriesOf(first);
        open = await harness.reopen(first);
        expect(await entriesOf(open)).toEqual(before);
        expect(await open.put('c', 1)).toBe(4);
      } finally {
        await harness.dispose(open);
      }
    });

    it(
      'throws shutting-down on every call after close, and closes twice without harm',
      withState(harness, async (state) => {
        const lease = await state.lease(5 * harness.capabilities.leaseMs);
        await Promise.all([state.close(), state.close()]);
        await state.close();
        await expectError(state.get('a'), 'shutting-down');
        await expectError(state.list(''), 'shutting-down');
        await expectError(state.put('a', 1), 'shutting-down');
        await expectError(state.delete('a'), 'shutting-down');
        await expectError(state.transaction({ compare: [], success: [] }), 'shutting-down');
        await expectError(state.lease(1000), 'shutting-down');
        await expectError(state.resumeLease(lease.id), 'shutting-down');
        await expectError(lease.keepAlive(), 'shutting-down');
        await expectError(lease.revoke(), 'shutting-down');
        await expectError(state.compact(0), 'shutting-down');
        await expectError(state.status(), 'shutting-down');
        await expectError((async () => take(state.watch(''), 1))(), 'shutting-down');
      }),
    );

    it(
      'ends watches on close without an error',
      withState(harness, async (state) => {
        const idle = state.watch('');
        const waiting = take(state.watch(''), 1);
        await state.close();
        expect(await waiting).toEqual([]);
        expect(await take(idle, 1)).toEqual([]);
      }),
    );

    it('finishes the writes that were asked for before close', async () => {
      const first = await harness.open();
      let open = first;
      try {
        const writes = Array.from({ length: 10 }, (_, index) => first.put(`k${index}`, index));
        open = await harness.reopen(first);
        const revisions = await Promise.all(writes);
        const ordered = harness.capabilities.keepsCallOrder ? revisions : revisions.sort((a, b) => a - b);
        expect(ordered).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        expect(await entriesOf(open)).toHaveLength(10);
      } finally {
        await harness.dispose(open);
      }
    });
  });
}
