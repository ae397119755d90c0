import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import type { State } from '../state.js';
import { entriesOf, keysOf, type StateHarness, untilDeleted, withState } from './harness.js';

/** Expiry, keep-alive, revocation and what ties keys to leases. */
export function describeLeases(harness: StateHarness): void {
  const { leaseMs } = harness.capabilities;

  /** Lets at least `ms` pass on the engine's clock: takes a lease of that time and waits until its key vanishes. */
  async function pass(state: State, ms: number): Promise<void> {
    const key = `passing/${ms}`;
    const watch = state.watch(key);
    const lease = await state.lease(ms);
    await state.put(key, null, { lease: lease.id });
    harness.advance?.(ms);
    await untilDeleted(watch, key);
  }

  describe('leases', () => {
    it(
      'deletes the keys of a lapsed lease in one revision, and only those',
      withState(harness, async (state) => {
        const lease = await state.lease(leaseMs);
        await state.put('k/b', 1, { lease: lease.id });
        await state.put('k/a', 2, { lease: lease.id });
        await state.put('k/c', 3);
        const watch = state.watch('k/');
        harness.advance?.(leaseMs);
        const batch = await untilDeleted(watch, 'k/a');
        expect(batch).toEqual({
          revision: 4,
          changes: [
            { type: 'delete', key: 'k/a', modRevision: 4 },
            { type: 'delete', key: 'k/b', modRevision: 4 },
          ],
        });
        expect(keysOf(await entriesOf(state))).toEqual(['k/c']);
        expect((await state.status()).leases).toBe(0);
      }),
    );

    it(
      'refuses everything with a lapsed lease',
      withState(harness, async (state) => {
        const lease = await state.lease(leaseMs);
        await pass(state, leaseMs);
        await expectError(lease.keepAlive(), 'lease-lapsed');
        await expectError(lease.revoke(), 'lease-lapsed');
        await expectError(state.resumeLease(lease.id), 'lease-lapsed');
        await expectError(state.put('a', 1, { lease: lease.id }), 'lease-lapsed');
        expect(await state.get('a')).toBeUndefined();
      }),
    );

    it(
      'gives the full time back on keep-alive, without a write',
      withState(harness, async (state) => {
        const lease = await state.lease(2 * leaseMs);
        await state.put('a', 1, { lease: lease.id });
        await pass(state, leaseMs);
        const before = (await state.status()).revision;
        await lease.keepAlive();
        expect((await state.status()).revision).toBe(before);
        const watch = state.watch('a');
        await pass(state, 1.5 * leaseMs);
        expect((await state.get('a'))?.value).toBe(1);
        harness.advance?.(0.5 * leaseMs);
        await untilDeleted(watch, 'a');
      }),
    );

    it(
      'ends on revocation, once',
      withState(harness, async (state) => {
        const lease = await state.lease(5 * leaseMs);
        await state.put('a', 1, { lease: lease.id });
        await state.put('b', 1, { lease: lease.id });
        await lease.revoke();
        expect(await entriesOf(state)).toEqual([]);
        expect((await state.status()).revision).toBe(3);
        await expectError(lease.revoke(), 'lease-lapsed');
        await expectError(state.put('a', 1, { lease: lease.id }), 'lease-lapsed');
      }),
    );

    it(
      'orders a revocation among the writes that were asked for before and after it',
      withState(harness, async (state) => {
        const lease = await state.lease(5 * leaseMs);
        const before = state.put('before', 1, { lease: lease.id });
        const revoked = lease.revoke();
        const after = expectError(state.put('after', 1, { lease: lease.id }), 'lease-lapsed');
        await Promise.allSettled([before, revoked, after]);
        expect((await after).code).toBe('lease-lapsed');
        expect(await entriesOf(state)).toEqual([]);
      }),
    );

    it(
      'gives a lease without keys no revision when it ends',
      withState(harness, async (state) => {
        const lease = await state.lease(5 * leaseMs);
        await lease.revoke();
        expect(await state.status()).toMatchObject({ revision: 0, leases: 0 });
      }),
    );

    it(
      'ties a key to the lease of its last write: another, or none',
      withState(harness, async (state) => {
        const [first, second] = [await state.lease(5 * leaseMs), await state.lease(5 * leaseMs)];
        for (const key of ['moved', 'detached', 'stays', 'again'])
          await state.put(key, 1, { lease: first.id });
        await state.put('moved', 2, { lease: second.id });
        await state.put('detached', 2);
        await state.delete('again');
        await state.put('again', 2);
        expect(await state.get('detached')).not.toHaveProperty('lease');
        await first.revoke();
        expect(keysOf(await entriesOf(state))).toEqual(['again', 'detached', 'moved']);
        await second.revoke();
        expect(keysOf(await entriesOf(state))).toEqual(['again', 'detached']);
      }),
    );

    it(
      'is found again by its id, and shares its time with other handles',
      withState(harness, async (state) => {
        const lease = await state.lease(2 * leaseMs);
        const again = await state.resumeLease(lease.id);
        expect(again).toMatchObject({ id: lease.id, ttlMs: lease.ttlMs });
        await pass(state, leaseMs);
        await again.keepAlive();
        await pass(state, 1.5 * leaseMs);
        await lease.keepAlive();
        await again.revoke();
        await expectError(lease.keepAlive(), 'lease-lapsed');
        await expectError(state.resumeLease('f'.repeat(32)), 'lease-lapsed');
        await expectError(state.resumeLease(''), 'lease-lapsed');
      }),
    );

    it('outlives a restart of the store, with its full time', async () => {
      const first = await harness.open();
      let open = first;
      try {
        const lease = await first.lease(2 * leaseMs);
        await first.put('a', 1, { lease: lease.id });
        await pass(first, leaseMs);
        open = await harness.reopen(first);
        await pass(open, 1.5 * leaseMs);
        expect((await open.get('a'))?.lease).toBe(lease.id);
        const watch = open.watch('a');
        harness.advance?.(0.5 * leaseMs);
        await untilDeleted(watch, 'a');
        await expectError(open.resumeLease(lease.id), 'lease-lapsed');
      } finally {
        await harness.dispose(open);
      }
    });

    it(
      'refuses times that cannot be counted',
      withState(harness, async (state) => {
        for (const ms of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
          await expectError(state.lease(ms), 'input-invalid');
        }
      }),
    );
  });
}
