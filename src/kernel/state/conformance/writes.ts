import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { stateLimits } from '../limits.js';
import type { Json } from '../state.js';
import { type StateHarness, withState } from './harness.js';

/** Single writes, their revisions and conditions, and what is refused. */
export function describeWrites(harness: StateHarness): void {
  describe('writes', () => {
    it(
      'gives each write the next revision of the whole store, from 1',
      withState(harness, async (state) => {
        const { revision: start } = await state.status();
        expect(start).toBe(0);
        expect(await state.put('a', 1)).toBe(1);
        expect(await state.put('b', 2)).toBe(2);
        expect(await state.put('a', 3)).toBe(3);
        expect(await state.delete('b')).toBe(4);
        expect(await state.get('a')).toEqual({ key: 'a', value: 3, createRevision: 1, modRevision: 3 });
        expect(await state.get('b')).toBeUndefined();
      }),
    );

    it(
      'makes a key anew after a delete',
      withState(harness, async (state) => {
        await state.put('a', 1);
        await state.delete('a');
        await state.put('a', 2);
        expect(await state.get('a')).toEqual({ key: 'a', value: 2, createRevision: 3, modRevision: 3 });
      }),
    );

    it(
      'answers the delete of a missing key with the current revision',
      withState(harness, async (state) => {
        await state.put('a', 1);
        expect(await state.delete('b')).toBe(1);
        expect((await state.status()).revision).toBe(1);
      }),
    );

    it(
      'writes with ifRevision only where the key is at that revision, 0 meaning that it does not exist',
      withState(harness, async (state) => {
        expect(await state.put('a', 1, { ifRevision: 0 })).toBe(1);
        const error = await expectError(state.put('a', 2, { ifRevision: 0 }), 'revision-conflict');
        expect(error.details).toMatchObject({ key: 'a', expectedRevision: 0, actualRevision: 1 });
        expect(await state.put('a', 3, { ifRevision: 1 })).toBe(2);
        await expectError(state.delete('a', { ifRevision: 1 }), 'revision-conflict');
        expect((await state.get('a'))?.value).toBe(3);
        expect(await state.delete('a', { ifRevision: 2 })).toBe(3);
        await expectError(state.put('a', 4, { ifRevision: 2 }), 'revision-conflict');
        expect((await state.status()).revision).toBe(3);
      }),
    );

    it(
      'reads every kind of JSON back as it was written',
      withState(harness, async (state) => {
        const value: Json = {
          null: null,
          yes: true,
          number: -1.5e300,
          text: 'é\u0000"\\\u2028💡',
          lone: '\ud800',
          list: [[], {}, [1, [2, [3]]]],
          ['__proto__']: { x: 1 },
          '': '',
        };
        await state.put('a', value);
        expect((await state.get('a'))?.value).toEqual(value);
        for (const plain of [null, false, 0, '', []] as const) {
          await state.put('plain', plain);
          expect((await state.get('plain'))?.value).toEqual(plain);
        }
      }),
    );

    it(
      'keeps what was written when the caller changes its object afterwards',
      withState(harness, async (state) => {
        const value = { list: [1] };
        const written = state.put('a', value);
        value.list.push(2);
        await written;
        expect((await state.get('a'))?.value).toEqual({ list: [1] });
      }),
    );

    it(
      'refuses values that are not plain JSON and writes nothing',
      withState(harness, async (state) => {
        const cycle: Record<string, unknown> = {};
        cycle.self = cycle;
        const refused: unknown[] = [
          undefined,
          Number.NaN,
          1n,
          () => 1,
          Symbol('s'),
          new Date(0),
          new Map(),
          cycle,
        ];
        const nested = refused.flatMap((value) => [value, { part: value }, [value]]);
        for (const value of [...nested, Number.POSITIVE_INFINITY, new Array(1)]) {
          await expectError(Reflect.apply(state.put, state, ['a', value]), 'input-invalid');
        }
        expect((await state.status()).revision).toBe(0);
      }),
    );

    it(
      'takes a value of 1 MiB and refuses a larger one',
      withState(harness, async (state) => {
        const most = 'x'.repeat(stateLimits.valueBytes - 2);
        await state.put('a', most);
        expect((await state.get('a'))?.value).toBe(most);
        await expectError(state.put('a', `${most}x`), 'input-too-large');
        await expectError(state.put('a', 'é'.repeat(stateLimits.valueBytes / 2)), 'input-too-large');
      }),
    );

    it(
      'refuses keys that are empty, too long or not well-formed',
      withState(harness, async (state) => {
        const longest = 'é'.repeat(stateLimits.keyBytes / 2);
        await state.put(longest, 1);
        expect((await state.get(longest))?.value).toBe(1);
        for (const key of ['', `${longest}x`, '\ud800', 'a\udc00b']) {
          await expectError(state.put(key, 1), 'input-invalid');
          await expectError(state.get(key), 'input-invalid');
          await expectError(state.delete(key), 'input-invalid');
        }
        await expectError(state.put('a', 1, { ifRevision: -1 }), 'input-invalid');
        await expectError(state.put('a', 1, { ifRevision: 1.5 }), 'input-invalid');
      }),
    );

    it(
      'loses no increment among many concurrent conditional writers',
      withState(harness, async (state) => {
        const increment = async (): Promise<void> => {
          const entry = await state.get('counter');
          const count = typeof entry?.value === 'number' ? entry.value : 0;
          try {
            await state.put('counter', count + 1, { ifRevision: entry?.modRevision ?? 0 });
          } catch (thrown) {
            await expectError(Promise.reject(thrown), 'revision-conflict');
            await increment();
          }
        };
        await Promise.all(Array.from({ length: 24 }, increment));
        expect(await state.get('counter')).toMatchObject({ value: 24, modRevision: 24, createRevision: 1 });
      }),
    );

    it(
      'gives concurrent writes distinct, dense revisions, and shows each write once it is acknowledged',
      withState(harness, async (state) => {
        const writes = Array.from({ length: 100 }, async (_, index) => {
          const revision = await state.put(`k${index}`, index);
          expect((await state.get(`k${index}`))?.modRevision).toBe(revision);
          return revision;
        });
        const revisions = (await Promise.all(writes)).sort((a, b) => a - b);
        expect(revisions).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      }),
    );
  });
}
