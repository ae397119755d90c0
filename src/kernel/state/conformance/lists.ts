import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import type { State } from '../state.js';
import { entriesOf, keysOf, type StateHarness, withState } from './harness.js';

async function putAll(state: State, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => state.put(key, key)));
}

/** Order, prefixes and pages. */
export function describeLists(harness: StateHarness): void {
  describe('list', () => {
    it(
      'orders keys by their UTF-8 bytes, not by UTF-16 units or language',
      withState(harness, async (state) => {
        // In UTF-16, U+FF61 comes after the surrogates of U+1F4A1; in UTF-8 it comes before.
        const ordered = [
          '\u0000',
          '\u0000a',
          ' ',
          'B',
          'Z',
          'a',
          'ab',
          'b',
          '\u007f',
          'é',
          'ÿ',
          'ж',
          '中',
          '\uff61',
          '💡',
        ];
        await putAll(state, [...ordered].reverse());
        expect(keysOf(await entriesOf(state))).toEqual(ordered);
      }),
    );

    it(
      'lists exactly the keys that start with the prefix',
      withState(harness, async (state) => {
        await putAll(state, [
          'a',
          'a/',
          'a/1',
          'a/\u{10ffff}',
          'a0',
          'b',
          'é',
          'é/1',
          'ê',
          '\u{10ffff}',
          '\u{10ffff}x',
        ]);
        expect(keysOf(await entriesOf(state, 'a/'))).toEqual(['a/', 'a/1', 'a/\u{10ffff}']);
        expect(keysOf(await entriesOf(state, 'a'))).toEqual(['a', 'a/', 'a/1', 'a/\u{10ffff}', 'a0']);
        expect(keysOf(await entriesOf(state, 'é'))).toEqual(['é', 'é/1']);
        expect(keysOf(await entriesOf(state, '\u{10ffff}'))).toEqual(['\u{10ffff}', '\u{10ffff}x']);
        expect(keysOf(await entriesOf(state, 'a/2'))).toEqual([]);
        expect(await entriesOf(state)).toHaveLength(11);
      }),
    );

    it(
      'pages through all keys, each once, and says where to read on only where keys are left',
      withState(harness, async (state) => {
        const keys = Array.from({ length: 25 }, (_, index) => `k/${String(index).padStart(2, '0')}`);
        await putAll(state, [...keys, 'j', 'l']);
        const first = await state.list('k/', { limit: 10 });
        expect(first).toMatchObject({ revision: 27, next: 'k/09' });
        const second = await state.list('k/', { limit: 10, after: 'k/09' });
        expect(second.next).toBe('k/19');
        const third = await state.list('k/', { limit: 5, after: 'k/19' });
        expect(keysOf([...first.entries, ...second.entries, ...third.entries])).toEqual(keys);
        expect(third).not.toHaveProperty('next');
        expect(await state.list('k/', { after: 'k/24' })).toEqual({ entries: [], revision: 27 });
      }),
    );

    it(
      'takes an `after` that is no key, before or behind the prefix',
      withState(harness, async (state) => {
        await putAll(state, ['a', 'k/1', 'k/3', 'z']);
        expect(keysOf((await state.list('k/', { after: 'k/2' })).entries)).toEqual(['k/3']);
        expect(keysOf((await state.list('k/', { after: 'a' })).entries)).toEqual(['k/1', 'k/3']);
        expect(keysOf((await state.list('k/', { after: 'z' })).entries)).toEqual([]);
      }),
    );

    it(
      'reads a page at one revision, while others write',
      withState(harness, async (state) => {
        const writes = Array.from({ length: 30 }, (_, index) =>
          state.transaction({
            compare: [],
            success: [
              { put: 'left', value: index },
              { put: 'right', value: index },
            ],
          }),
        );
        const pages = await Promise.all(
          writes.map(async (write) => {
            await write;
            return state.list('');
          }),
        );
        for (const { entries, revision } of pages) {
          const [left, right] = entries;
          expect(left?.value).toBe(right?.value);
          expect(left?.modRevision).toBe(revision);
        }
      }),
    );

    it(
      'gives the same entries as get',
      withState(harness, async (state) => {
        const lease = await state.lease(harness.capabilities.leaseMs * 5);
        await state.put('a', { x: [1] }, { lease: lease.id });
        expect(await entriesOf(state)).toEqual([await state.get('a')]);
        expect((await state.get('a'))?.lease).toBe(lease.id);
      }),
    );

    it(
      'refuses a bad limit, prefix or after',
      withState(harness, async (state) => {
        for (const limit of [0, -1, 1.5, Number.NaN, 10_001])
          await expectError(state.list('', { limit }), 'input-invalid');
        await expectError(state.list('\ud800'), 'input-invalid');
        await expectError(state.list('', { after: '' }), 'input-invalid');
      }),
    );
  });
}
