import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openMadeDatabase } from '../../made-database.js';
import type { PartialState, Span } from './algorithm.js';
import { quantiles, relativeAccuracy } from './quantiles.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

const asked = { columns: [], group: '', quantiles: [0, 0.1, 0.5, 0.9, 1] };
const fold = (states: readonly PartialState[]) => quantiles.fold?.(states) ?? { rows: 0 };
const conceal = (state: PartialState, minimum: number) => quantiles.conceal?.(state, minimum) ?? state;

/** The state of values, each of a person of their own, with buckets as a provider's DuckDB computes them. */
async function stateOf(values: readonly number[]): Promise<PartialState> {
  const bucket = quantiles.bucket?.({ name: 'x', sql: 'x', type: 'DOUBLE' });
  const rows = values.map((value) => `(${value.toExponential()}::DOUBLE)`).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT ${bucket} AS b, count(*), count(*) FROM (VALUES ${rows}) v(x) GROUP BY b ORDER BY b`,
  );
  return fold(reader.getRowsJS().map((row) => quantiles.read(row.map(Number))));
}

const number = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -20, max: 20 }),
  fc.double({ min: -1e-6, max: 1e-6, noNaN: true }),
);

describe('quantiles', () => {
  it('are those of the library, where nothing has to be concealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 40 }), async (values) => {
        const sketch = new DDSketch({ relativeAccuracy });
        for (const value of values) sketch.accept(value);
        const rows = quantiles.finish(conceal(await stateOf(values), 1), asked);
        for (const { quantile, value, from, to, rows: count } of rows) {
          const expected = sketch.getValueAtQuantile(Number(quantile));
          // logarithms may differ in their last digit, and put a value at a border into the bucket beside
          const near = 2.1 * relativeAccuracy * Math.abs(expected);
          expect(Math.abs(Number(value) - expected)).toBeLessThanOrEqual(near);
          expect([from, to, count]).toEqual([value, value, values.length]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lie between the bounds that are told, however the rows lie at providers', async () => {
    const rows = fc.array(fc.tuple(number, fc.nat(2)), { minLength: 60, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 2, max: 8 }), async (drawn, minimum) => {
        const own = [0, 1, 2].map((party) => drawn.filter(([, at]) => at === party).map(([value]) => value));
        const states = await Promise.all(own.filter((values) => values.length > 0).map(stateOf));
        const merged = states
          .map((state) => conceal(state, minimum))
          .reduce((left, right) => quantiles.merge(left, right));
        const sorted = drawn.map(([value]) => value).sort((one, other) => one - other);
        for (const { quantile, value, from, to } of quantiles.finish(merged, asked)) {
          const exact = sorted[Math.floor(Number(quantile) * (sorted.length - 1))] ?? 0;
          // what is next to nothing counts as zero
          const slack = 2.1 * relativeAccuracy * Math.abs(exact) + 1e-300;
          if (from !== null) expect(Number(from) - slack).toBeLessThanOrEqual(exact);
          if (to !== null) expect(Number(to) + slack).toBeGreaterThanOrEqual(exact);
          expect(value === null).toBe(from === null || to === null);
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('leave a provider in spans of enough persons, without the smallest and the largest value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(number, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 12 }),
        async (values, minimum) => {
          const state = await stateOf(values);
          const { spans = [] } = conceal(state, minimum);
          expect(spans.reduce((sum, { rows }) => sum + rows, 0)).toBe(values.length);
          if (values.length >= minimum)
            expect(Math.min(...spans.map(({ rows }) => rows))).toBeGreaterThanOrEqual(minimum);
          const [first, last] = [spans[0], spans.at(-1)];
          for (const [bound, other] of [
            [first?.low, first?.high],
            [last?.high, last?.low],
          ]) {
            expect(bound === null || bound === other).toBe(true);
          }
          expect(spans.every((span) => span.persons === undefined)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('count a person who has many values in one bucket only', () => {
    const bucket = (low: number, persons: number): Span => ({ low, high: low, rows: 5, persons });
    const state = {
      rows: 20,
      spans: [bucket(100_001, 4), bucket(100_002, 0), bucket(100_003, 0), bucket(100_004, 4)],
    };
    expect(conceal(state, 4).spans).toEqual([
      { low: 100_001, high: 100_001, rows: 5 },
      { low: 100_002, high: null, rows: 15 },
    ]);
  });

  it('have no value where too few persons lie on one side, and those in between have', async () => {
    const values = Array.from({ length: 100 }, (_, i) => 1000 + 37 * i);
    const rows = quantiles.finish(conceal(await stateOf(values), 10), asked);
    expect(rows.map(({ from, to }) => [from === null, to === null])).toEqual([
      [true, false],
      [true, false],
      [false, false],
      [false, false],
      [false, true],
    ]);
    expect(Number(rows[2]?.value)).toBeGreaterThan(2600);
    expect(Number(rows[2]?.value)).toBeLessThan(3100);
  });
});
