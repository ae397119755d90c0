import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import type { ChangeBatch } from '../state.js';
import { type StateHarness, take, withState } from './harness.js';

/** Order, completeness, resuming, compaction and ends of watches. */
export function describeWatches(harness: StateHarness): void {
  describe('watch', () => {
    it(
      'delivers what is written after the call, also before the first next()',
      withState(harness, async (state) => {
        await state.put('a', 0);
        const watch = state.watch('');
        await state.put('a', 1);
        await state.delete('a');
        expect(await take(watch, 2)).toEqual([
          {
            revision: 2,
            changes: [{ type: 'put', entry: { key: 'a', value: 1, createRevision: 1, modRevision: 2 } }],
          },
          { revision: 3, changes: [{ type: 'delete', key: 'a', modRevision: 3 }] },
        ]);
      }),
    );

    it(
      'delivers to a reader that waits already',
      withState(harness, async (state) => {
        const next = take(state.watch('a'), 1);
        await state.put('b', 1);
        await state.put('a', 2);
        expect((await next).map(({ revision }) => revision)).toEqual([2]);
      }),
    );

    it(
      'delivers only keys under the prefix, in key order within a revision',
      withState(harness, async (state) => {
        const watch = state.watch('k/');
        await state.put('j', 0);
        await state.transaction({
          compare: [],
          success: ['k/💡', 'k/b', 'l', 'k/\uff61', 'k', 'k/a'].map((key) => ({ put: key, value: 1 })),
        });
        await state.put('k0', 0);
        await state.put('k/z', 0);
        const batches = await take(watch, 2);
        expect(batches.map(({ revision }) => revision)).toEqual([2, 4]);
        expect(putKeys(batches[0])).toEqual(['k/a', 'k/b', 'k/\uff61', 'k/💡']);
      }),
    );

    it(
      'is ordered and without gaps under concurrent writers, for a reader that is slow',
      withState(harness, async (state) => {
        const watch = state.watch('');
        const writers = Array.from({ length: 8 }, async (_, writer) => {
          for (let index = 0; index < 25; index += 1) await state.put(`w${writer}`, index);
        });
        const batches = [...(await take(watch, 3))];
        // Writers finish although nobody reads: a watch does not hold them up.
        await Promise.all(writers);
        batches.push(...(await take(state.watch('', { fromRevision: 4 }), 197)));
        expect(batches.map(({ revision }) => revision)).toEqual(
          Array.from({ length: 200 }, (_, index) => index + 1),
        );
        const last = new Map<string, number>();
        for (const change of batches.flatMap(({ changes }) => changes)) {
          if (change.type === 'delete') throw new Error('nothing was deleted');
          expect(change.entry.value).toBe((last.get(change.entry.key) ?? -1) + 1);
          last.set(change.entry.key, Number(change.entry.value));
        }
      }),
    );

    it(
      'goes on from where it was read, when it is iterated again',
      withState(harness, async (state) => {
        const iterator = state.watch('')[Symbol.asyncIterator]();
        await state.put('a', 1);
        await state.put('a', 2);
        expect((await iterator.next()).value?.revision).toBe(1);
        expect((await iterator.next()).value?.revision).toBe(2);
        const waiting = [iterator.next(), iterator.next()];
        await state.put('a', 3);
        await state.put('a', 4);
        expect((await Promise.all(waiting)).map(({ value }) => value?.revision)).toEqual([3, 4]);
      }),
    );

    it(
      'starts at a revision of the past, of now, or to come',
      withState(harness, async (state) => {
        for (const value of [1, 2, 3]) await state.put('a', value);
        expect(revisions(await take(state.watch('', { fromRevision: 2 }), 2))).toEqual([2, 3]);
        const toCome = take(state.watch('', { fromRevision: 5 }), 1);
        await state.put('a', 4);
        await state.put('a', 5);
        expect(revisions(await toCome)).toEqual([5]);
      }),
    );

    it(
      'joins a list without a gap: list, then watch from its revision + 1',
      withState(harness, async (state) => {
        const writing = Array.from({ length: 40 }, (_, index) => state.put(`k${index % 7}`, index));
        await writing[5];
        const page = await state.list('');
        await Promise.all(writing);
        const view = new Map(page.entries.map(({ key, value }) => [key, value]));
        for (const { changes } of await take(
          state.watch('', { fromRevision: page.revision + 1 }),
          40 - page.revision,
        )) {
          for (const change of changes)
            if (change.type === 'put') view.set(change.entry.key, change.entry.value);
        }
        const now = (await state.list('')).entries.map(({ key, value }) => [key, value]);
        expect([...view].sort()).toEqual(now.sort());
      }),
    );

    it.runIf(harness.capabilities.keepsHistory)('resumes over a restart of the store', async () => {
      const first = await harness.open();
      let open = first;
      try {
        await first.put('a', 1);
        await first.put('a', 2);
        open = await harness.reopen(first);
        await open.put('a', 3);
        expect(revisions(await take(open.watch('', { fromRevision: 2 }), 2))).toEqual([2, 3]);
      } finally {
        await harness.dispose(open);
      }
    });

    it(
      'throws history-compacted where the history it needs is forgotten, and names what is kept',
      withState(harness, async (state) => {
        const slow = state.watch('');
        for (const value of [1, 2, 3, 4]) await state.put('a', value);
        await state.compact(3);
        const error = await expectError(take(slow, 1), 'history-compacted');
        expect(error.details).toMatchObject({ compactedRevision: 3 });
        expect((await state.status()).oldestRevision).toBe(3);
        await expectError(take(state.watch('', { fromRevision: 2 }), 1), 'history-compacted');
        expect(revisions(await take(state.watch('', { fromRevision: 3 }), 2))).toEqual([3, 4]);
        expect((await state.get('a'))?.value).toBe(4);
      }),
    );

    it(
      'passes over compaction where the reader was not behind',
      withState(harness, async (state) => {
        const next = take(state.watch('b'), 1);
        for (const value of [1, 2, 3]) await state.put('a', value);
        await state.compact(3);
        await state.put('b', 1);
        expect(revisions(await next)).toEqual([4]);
      }),
    );

    it(
      'refuses to forget what is to come, and takes a second compaction as done',
      withState(harness, async (state) => {
        await state.put('a', 1);
        await state.put('a', 2);
        await expectError(state.compact(3), 'input-invalid');
        await state.compact(2);
        await state.compact(1);
        expect((await state.status()).oldestRevision).toBe(2);
      }),
    );

    it(
      'ends without an error when its signal aborts, before or while it waits',
      withState(harness, async (state) => {
        expect(await take(state.watch('', { signal: AbortSignal.abort() }), 1)).toEqual([]);
        const controller = new AbortController();
        const waiting = take(state.watch('', { signal: controller.signal }), 2);
        await state.put('a', 1);
        controller.abort();
        expect((await waiting).length).toBeLessThan(2);
        await state.put('a', 2);
      }),
    );

    it(
      'ends a waiting next() when the reader returns',
      withState(harness, async (state) => {
        const iterator = state.watch('')[Symbol.asyncIterator]();
        const waiting = iterator.next();
        await iterator.return?.();
        expect((await waiting).done).toBe(true);
        expect((await iterator.next()).done).toBe(true);
      }),
    );
  });
}

function revisions(batches: readonly ChangeBatch[]): number[] {
  return batches.map(({ revision }) => revision);
}

function putKeys(batch: ChangeBatch | undefined): string[] {
  return (batch?.changes ?? []).flatMap((change) => (change.type === 'put' ? [change.entry.key] : []));
}
