import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openMadeDatabase } from '../../made-database.js';
import type { Cell, ColumnExpression } from './algorithm.js';
import { correlation, covariance } from './covariance.js';
import { linearRegression } from './linear-regression.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

type Rows = readonly (readonly [number, number, number])[];

/** The state of a provider's rows, by the SQL that its run would use. */
async function stateOf(rows: Rows, type: string) {
  const columns = ['x', 'y', 'z'].map((name): ColumnExpression => ({ name, sql: name, type }));
  const values = rows.map((row) => `(${row.map((value) => `${value}::${type}`).join(', ')})`).join(', ');
  const source =
    rows.length === 0
      ? `(SELECT 1::${type} x, 1::${type} y, 1::${type} z WHERE false)`
      : `(VALUES ${values})`;
  const statement = `SELECT ${covariance.aggregates(columns).join(', ')} FROM ${source} v(x, y, z)`;
  const [cells = []] = (await connection.runAndReadAll(statement)).getRowsJS() as Cell[][];
  return covariance.read(cells);
}

const asked = { columns: ['x', 'y', 'z'], group: '' };
const rowsOf = (value: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(fc.tuple(value, value, value), fc.nat(2)), { minLength: 5, maxLength: 40 });
const split = (rows: readonly (readonly [Rows[number], number])[]) =>
  [0, 1, 2].map((provider) => rows.filter(([, at]) => at === provider).map(([row]) => row));

/** The merge of what three providers have, and the state of all their rows together. */
async function mergedAndWhole(rows: readonly (readonly [Rows[number], number])[], type: string) {
  const states = await Promise.all(split(rows).map((own) => stateOf(own, type)));
  const whole = await stateOf(
    rows.map(([row]) => row),
    type,
  );
  return { merged: states.reduce((left, right) => covariance.merge(left, right)), whole };
}

describe('figures over several columns', () => {
  it('of whole numbers are the same to the last digit however the rows lie at providers', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(fc.integer({ min: -1_000_000, max: 1_000_000_000 })), async (rows) => {
        const { merged, whole } = await mergedAndWhole(rows, 'INTEGER');
        expect(merged).toEqual(whole);
        expect(covariance.finish(merged, asked)).toEqual(covariance.finish(whole, asked));
      }),
      { numRuns: 40 },
    );
  });

  it('of doubles far from zero are the same to 10⁻⁹ of their spread', async () => {
    const far = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => 1e6 + value);
    await fc.assert(
      fc.asyncProperty(rowsOf(far), async (rows) => {
        const { merged, whole } = await mergedAndWhole(rows, 'DOUBLE');
        const [one, other] = [covariance.finish(merged, asked), covariance.finish(whole, asked)];
        for (const [at, row] of one.entries()) {
          expect(Math.abs(Number(row.covariance) - Number(other[at]?.covariance))).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are those of the definition', async () => {
    const rows: Rows = [
      [1, 2, 5],
      [2, 4, 5],
      [3, 5, 5],
      [6, 9, 5],
    ];
    const state = await stateOf(rows, 'INTEGER');
    expect(covariance.finish(state, asked)).toEqual([
      { first: 'x', second: 'x', covariance: 14 / 3, rows: 4 },
      { first: 'x', second: 'y', covariance: 19 / 3, rows: 4 },
      { first: 'x', second: 'z', covariance: 0, rows: 4 },
      { first: 'y', second: 'y', covariance: 26 / 3, rows: 4 },
      { first: 'y', second: 'z', covariance: 0, rows: 4 },
      { first: 'z', second: 'z', covariance: 0, rows: 4 },
    ]);
    const figures = correlation.finish(state, asked);
    expect(figures.map(({ correlation: figure }) => figure)).toEqual([
      expect.closeTo(19 / Math.sqrt(364), 14),
      null,
      null,
    ]);
  });

  it('have no value over no rows', async () => {
    const state = await stateOf([], 'DOUBLE');
    expect(correlation.finish(state, asked).map(({ correlation: figure }) => figure)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('are coefficients of a regression that are the same to 10⁻¹⁰ however the rows lie', async () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    const random = fc.array(fc.tuple(fc.tuple(value, value, value), fc.nat(2)), {
      minLength: 30,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(random, async (drawn) => {
        // some noise of our own, since what is drawn may be many times the same
        const rows = drawn.map(
          ([[x, y, z], at], i) => [[x + Math.sin(i), y + Math.cos(3 * i), z + Math.sin(7 * i)], at] as const,
        ) as readonly (readonly [Rows[number], number])[];
        const { merged, whole } = await mergedAndWhole(rows, 'DOUBLE');
        const [one, other] = [linearRegression.finish(merged, asked), linearRegression.finish(whole, asked)];
        for (const [at, row] of one.entries()) {
          const expected = Number(other[at]?.coefficient);
          const scale = Math.max(Math.abs(expected), Number(other[at]?.standardError));
          expect(Math.abs(Number(row.coefficient) - expected)).toBeLessThan(1e-10 * Math.max(scale, 1e-6));
        }
      }),
      { numRuns: 40 },
    );
  });
});
