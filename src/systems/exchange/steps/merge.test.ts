import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartialRow } from './aggregate.js';
import { finishPartials, mergePartials } from './merge.js';
import type { Partials } from './partials.js';

const none = { groups: 0, total: false, minimumGroupSize: 10 };
const sums = (rows: readonly PartialRow[], withheld = none): Partials => ({
  algorithm: 'sum',
  groups: ['sex'],
  rows,
  withheld,
});
const row = (group: string | null, rows: number, exact: string, scale = 0): PartialRow => ({
  group: [group],
  total: false,
  state: { rows, sum: { exact, scale } },
});
const total = (rows: number, exact: string): PartialRow => ({ ...row(null, rows, exact), total: true });

describe('mergePartials', () => {
  it('adds equal groups, keeps the others, and does not take a group without a value for the total', () => {
    const one = sums([row('M', 2, '10'), row(null, 1, '1'), total(3, '11')]);
    const other = sums([row('V', 1, '5'), row('M', 1, '25', 1), total(2, '75')]);
    const merged = mergePartials([one, other]);
    expect(merged.rows).toEqual([row('M', 3, '125', 1), row(null, 1, '1'), total(5, '86'), row('V', 1, '5')]);
  });

  it('shows a total only where every provider could show its own', () => {
    const hidden = { groups: 2, total: true, minimumGroupSize: 20 };
    const merged = mergePartials([
      sums([row('M', 2, '10'), total(2, '10')]),
      sums([row('M', 1, '1')], hidden),
    ]);
    expect(merged.rows).toEqual([row('M', 3, '11')]);
    expect(merged.withheld).toEqual({ groups: 2, total: true, minimumGroupSize: 20 });
  });

  it('gives the same answer in whatever order providers are merged', () => {
    const partial = fc
      .array(
        fc
          .tuple(fc.constantFrom('M', 'V', 'X', null), fc.integer(), fc.nat(3))
          .map(([g, n, scale]) => row(g, 1, String(n), scale)),
        { maxLength: 5 },
      )
      .map((rows) => sums(rows.filter((one, i) => rows.findIndex((r) => r.group[0] === one.group[0]) === i)));
    const several = fc.array(partial, { minLength: 1, maxLength: 5 });
    const shuffled = several.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const expected = finishPartials(mergePartials(all));
        expect(finishPartials(mergePartials(other)).rows).toEqual(expected.rows);
        const [first, ...rest] = all;
        const stepwise = rest.reduce((left, right) => mergePartials([left, right]), first as Partials);
        expect(finishPartials(mergePartials([stepwise])).rows).toEqual(expected.rows);
      }),
    );
  });

  it('has nothing to say of no provider', () => {
    expect(() => mergePartials([])).toThrow(RangeError);
  });
});

describe('finishPartials', () => {
  it('orders numbers by size, texts by character, and puts no value and the total last', () => {
    const counts = (group: string | number | null, isTotal = false): PartialRow => ({
      group: [group],
      total: isTotal,
      state: { rows: 1 },
    });
    const partials = (rows: readonly PartialRow[]): Partials => ({
      algorithm: 'count',
      groups: ['g'],
      rows,
      withheld: none,
    });
    const numbers = finishPartials(partials([counts(null, true), counts(null), counts(10), counts(9)]));
    expect(numbers.rows).toEqual([
      { g: 9, total: false, count: 1 },
      { g: 10, total: false, count: 1 },
      { g: null, total: false, count: 1 },
      { g: null, total: true, count: 1 },
    ]);
    expect(numbers.columns).toEqual(['g', 'total', 'count']);
    const texts = finishPartials(partials([counts('b'), counts('a')]));
    expect(texts.rows).toEqual([
      { g: 'a', count: 1 },
      { g: 'b', count: 1 },
    ]);
  });

  it('names the columns of an answer without rows by its groups', () => {
    expect(finishPartials(sums([])).columns).toEqual(['sex']);
  });
});
