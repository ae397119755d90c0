import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { stateLimits } from '../limits.js';
import type { Operation } from '../state.js';
import { entriesOf, keysOf, type StateHarness, take, withState } from './harness.js';

/** compare / success / failure. */
export function describeTransactions(harness: StateHarness): void {
  describe('transactions', () => {
    it(
      'runs success without comparisons, with one revision for all effects',
      withState(harness, async (state) => {
        await state.put('gone', 0);
        const result = await state.transaction({
          compare: [],
          success: [{ put: 'a', value: 1 }, { put: 'b', value: 2 }, { delete: 'gone' }],
        });
        expect(result).toEqual({ succeeded: true, revision: 2 });
        const entries = await entriesOf(state);
        expect(entries.map(({ key, modRevision }) => [key, modRevision])).toEqual([
          ['a', 2],
          ['b', 2],
        ]);
        const [batch] = await take(state.watch('', { fromRevision: 2 }), 1);
        expect(
          batch?.changes.map((change) => [change.type, 'key' in change ? change.key : change.entry.key]),
        ).toEqual([
          ['put', 'a'],
          ['put', 'b'],
          ['delete', 'gone'],
        ]);
      }),
    );

    it(
      'compares existence and revisions, and needs all comparisons to hold',
      withState(harness, async (state) => {
        await state.put('a', 1);
        await state.put('b', 1);
        const check = async (...compare: Parameters<typeof state.transaction>[0]['compare']) =>
          (await state.transaction({ compare, success: [], failure: [] })).succeeded;
        expect(await check({ key: 'a', exists: true })).toBe(true);
        expect(await check({ key: 'a', exists: false })).toBe(false);
        expect(await check({ key: 'x', exists: false })).toBe(true);
        expect(await check({ key: 'x', exists: true })).toBe(false);
        expect(await check({ key: 'a', modRevision: 1 })).toBe(true);
        expect(await check({ key: 'a', modRevision: 2 })).toBe(false);
        expect(await check({ key: 'x', modRevision: 0 })).toBe(true);
        expect(await check({ key: 'a', modRevision: 0 })).toBe(false);
        expect(await check({ key: 'a', modRevision: 1 }, { key: 'b', modRevision: 2 })).toBe(true);
        expect(await check({ key: 'a', modRevision: 1 }, { key: 'b', modRevision: 1 })).toBe(false);
        expect((await state.status()).revision).toBe(2);
      }),
    );

    it(
      'runs failure, or nothing, where a comparison does not hold',
      withState(harness, async (state) => {
        const compare = [{ key: 'a', exists: true }];
        const success: Operation[] = [{ put: 'success', value: 1 }];
        expect(await state.transaction({ compare, success })).toEqual({ succeeded: false, revision: 0 });
        const failure: Operation[] = [{ put: 'failure', value: 1 }];
        expect(await state.transaction({ compare, success, failure })).toEqual({
          succeeded: false,
          revision: 1,
        });
        expect(keysOf(await entriesOf(state))).toEqual(['failure']);
      }),
    );

    it(
      'makes no revision where there is no effect',
      withState(harness, async (state) => {
        await state.put('a', 1);
        const result = await state.transaction({ compare: [], success: [{ delete: 'b' }] });
        expect(result).toEqual({ succeeded: true, revision: 1 });
        expect(await state.transaction({ compare: [], success: [] })).toEqual({
          succeeded: true,
          revision: 1,
        });
      }),
    );

    it(
      'refuses a key that is named twice in a branch, and writes nothing',
      withState(harness, async (state) => {
        const twice: Operation[] = [{ put: 'a', value: 1 }, { delete: 'a' }];
        await expectError(state.transaction({ compare: [], success: twice }), 'input-invalid');
        await expectError(state.transaction({ compare: [], success: [], failure: twice }), 'input-invalid');
        const both = { compare: [], success: [{ put: 'a', value: 1 }], failure: [{ delete: 'a' }] };
        expect(await state.transaction(both)).toEqual({ succeeded: true, revision: 1 });
      }),
    );

    it(
      'refuses a bad operation wholly',
      withState(harness, async (state) => {
        const good: Operation = { put: 'a', value: 1 };
        for (const bad of [{ put: '', value: 1 }, { put: 'b', value: Number.NaN }, { delete: '\ud800' }]) {
          await expectError(state.transaction({ compare: [], success: [good, bad] }), 'input-invalid');
        }
        const compare = [{ key: '', exists: true }];
        await expectError(state.transaction({ compare, success: [] }), 'input-invalid');
        const lapsed: Operation = { put: 'b', value: 1, lease: '0'.repeat(32) };
        await expectError(state.transaction({ compare: [], success: [good, lapsed] }), 'lease-lapsed');
        expect(await entriesOf(state)).toEqual([]);
        expect((await state.status()).revision).toBe(0);
      }),
    );

    it(
      'takes as many operations as the limit, and no more',
      withState(harness, async (state) => {
        const success = Array.from({ length: stateLimits.operations }, (_, index) => ({
          put: `k${index}`,
          value: 1,
        }));
        expect((await state.transaction({ compare: [], success })).revision).toBe(1);
        const more = [...success, { put: 'more', value: 1 }];
        await expectError(state.transaction({ compare: [], success: more }), 'input-too-large');
        const half = 'x'.repeat(stateLimits.valueBytes / 2);
        const large = [
          { put: 'a', value: half },
          { put: 'b', value: half },
        ];
        await expectError(state.transaction({ compare: [], success: large }), 'input-too-large');
      }),
    );

    it(
      'lets exactly one of many concurrent claims through',
      withState(harness, async (state) => {
        const claims = Array.from({ length: 20 }, (_, index) =>
          state.transaction({
            compare: [{ key: 'leader', exists: false }],
            success: [
              { put: 'leader', value: index },
              { put: `won/${index}`, value: true },
            ],
          }),
        );
        const results = await Promise.all(claims);
        const winner = results.findIndex(({ succeeded }) => succeeded);
        expect(results.filter(({ succeeded }) => succeeded)).toHaveLength(1);
        expect((await state.get('leader'))?.value).toBe(winner);
        expect(keysOf(await entriesOf(state, 'won/'))).toEqual([`won/${winner}`]);
      }),
    );
  });
}
