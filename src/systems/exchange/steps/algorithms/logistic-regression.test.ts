import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openMadeDatabase } from '../../made-database.js';
import type { Fit } from '../../model/fit.js';
import type { Cell, ColumnExpression, FinishedAs, PartialState } from './algorithm.js';
import { logisticRegression } from './logistic-regression.js';
import { logisticSelect } from './logistic-select.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

/** The outcome, then the predictors. */
type Row = readonly number[];

/** The state of a provider's rows, by the SQL that its run would use. */
async function stateOf(rows: readonly Row[], size: number, fit?: Fit): Promise<PartialState> {
  const names = Array.from({ length: size }, (_, at) => `x${at}`);
  const columns = names.map((name): ColumnExpression => ({ name, sql: name, type: 'DOUBLE' }));
  const values = rows.map((row) => `(${row.map((value) => `${value}::DOUBLE`).join(', ')})`).join(', ');
  const from =
    rows.length === 0
      ? `(SELECT ${names.map((name) => `0::DOUBLE ${name}`).join(', ')} WHERE false) v`
      : `(VALUES ${values}) v(${names.join(', ')})`;
  const first = `SELECT false, ${logisticRegression.aggregates(columns).join(', ')} FROM ${from}`;
  const statement = fit === undefined ? first : logisticSelect(columns, from, fit);
  const [cells = []] = (await connection.runAndReadAll(statement)).getRowsJS() as Cell[][];
  return logisticRegression.read(cells.slice(1), fit);
}

/** The coefficients over all providers' rows, merged in every round. */
async function fitted(providers: readonly (readonly Row[])[], columns: readonly string[]) {
  let asked: FinishedAs = { columns, group: '' };
  for (;;) {
    const states = await Promise.all(providers.map((rows) => stateOf(rows, columns.length, asked.fit)));
    const merged = states.reduce((left, right) => logisticRegression.merge(left, right));
    const fit = logisticRegression.next?.(merged, asked);
    if (fit === undefined) return logisticRegression.finish(merged, asked);
    asked = { ...asked, fit };
  }
}

/** Spector and Mazzeo (1980), "Probit analysis and economic education": grade improved; average, test, method of teaching. */
const spector: readonly Row[] = [
  ...[
    [0, 2.66, 20, 0],
    [0, 2.89, 22, 0],
    [0, 3.28, 24, 0],
    [0, 2.92, 12, 0],
    [1, 4.0, 21, 0],
    [0, 2.86, 17, 0],
  ],
  ...[
    [0, 2.76, 17, 0],
    [0, 2.87, 21, 0],
    [0, 3.03, 25, 0],
    [1, 3.92, 29, 0],
    [0, 2.63, 20, 0],
    [0, 3.32, 23, 0],
  ],
  ...[
    [0, 3.57, 23, 0],
    [1, 3.26, 25, 0],
    [0, 3.53, 26, 0],
    [0, 2.74, 19, 0],
    [0, 2.75, 25, 0],
    [0, 2.83, 19, 0],
  ],
  ...[
    [0, 3.12, 23, 1],
    [1, 3.16, 25, 1],
    [0, 2.06, 22, 1],
    [1, 3.62, 28, 1],
    [0, 2.89, 14, 1],
    [0, 3.51, 26, 1],
  ],
  ...[
    [1, 3.54, 24, 1],
    [1, 2.83, 27, 1],
    [1, 3.39, 17, 1],
    [0, 2.67, 24, 1],
    [1, 3.65, 21, 1],
    [1, 4.0, 23, 1],
  ],
  ...[
    [0, 3.1, 21, 1],
    [1, 2.39, 19, 1],
  ],
];
const columns = ['GRADE', 'GPA', 'TUCE', 'PSI'];

describe('logisticRegression', () => {
  it('has the published coefficients of Spector and Mazzeo (Greene, "Econometric analysis", table 17.1)', async () => {
    const rows = await fitted([spector.slice(0, 11), [], spector.slice(11)], columns);
    const published = [
      ['(intercept)', -13.02135, 4.931324],
      ['GPA', 2.826113, 1.262941],
      ['TUCE', 0.0951577, 0.1415542],
      ['PSI', 2.378688, 1.064564],
    ] as const;
    expect(rows.map(({ term }) => term)).toEqual(published.map(([term]) => term));
    for (const [at, [, coefficient, standardError]] of published.entries()) {
      expect(Number(rows[at]?.coefficient) / coefficient).toBeCloseTo(1, 6);
      expect(Number(rows[at]?.standardError) / standardError).toBeCloseTo(1, 6);
    }
    expect(rows[0]?.logLikelihood).toBeCloseTo(-12.88963, 5);
    expect(rows[3]?.oddsRatio).toBeCloseTo(10.79073, 4);
    expect(rows[0]?.rows).toBe(32);
  });

  it('is the same to 10⁻⁸ however the rows lie at providers, and whatever the units of the columns', async () => {
    const value = fc.double({ min: -2, max: 2, noNaN: true });
    const drawn = fc.array(fc.tuple(value, value, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(2)), {
      minLength: 80,
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(drawn, async (draws) => {
        // some noise of our own, since what is drawn may be many times the same
        const rows = draws.map(([one, other, chance, provider], at) => {
          const [x, z] = [one + Math.sin(at), other + Math.cos(3 * at)];
          const noise = (chance + Math.abs(Math.sin(7 * at))) % 1;
          const y = noise < 1 / (1 + Math.exp(-(0.3 + 0.5 * x - 0.4 * z))) ? 1 : 0;
          return [provider, [y, 40_000 + 9_000 * x, 0.001 * z]] as const;
        });
        const providers = [0, 1, 2].map((at) => rows.filter(([own]) => own === at).map(([, row]) => row));
        const names = ['y', 'pay', 'part'];
        const pooled = await fitted([rows.map(([, row]) => row)], names).catch((error: unknown) => error);
        const merged = await fitted(providers, names).catch((error: unknown) => error);
        if (!Array.isArray(pooled) || !Array.isArray(merged)) return expect(merged).toEqual(pooled);
        for (const [at, { coefficient, standardError }] of pooled.entries()) {
          const scale = Math.max(Math.abs(coefficient), 1e-3 * standardError);
          expect(Math.abs(merged[at].coefficient - coefficient)).toBeLessThan(1e-8 * scale);
          expect(merged[at].standardError / standardError).toBeCloseTo(1, 7);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [
      'has other values',
      [
        [2, 1],
        [0, 2],
        [1, 3],
        [1, 1],
      ],
      'Outcome y has other values than 0 and 1.',
    ],
    [
      'is always the same',
      [
        [1, 1],
        [1, 2],
        [1, 3],
        [1, 1],
      ],
      'Outcome y is the same in every row',
    ],
    [
      'is decided',
      [
        [0, 1],
        [0, 2],
        [0, 3],
        [1, 7],
        [1, 8],
        [1, 9],
      ],
      'y wholly or nearly (separation)',
    ],
    ['has no rows', [], 'There are 0 rows, too few'],
    [
      'has a constant predictor',
      [
        [0, 7],
        [1, 7],
        [0, 7],
        [1, 7],
      ],
      'Predictor x has the same value',
    ],
  ])('ends with no-fit where the outcome %s', async (_, rows, message) => {
    await expect(fitted([rows.slice(0, 2), rows.slice(2)], ['y', 'x'])).rejects.toMatchObject({
      code: 'no-fit',
      message: expect.stringContaining(message),
    });
  });

  it('names predictors that are combinations of others', async () => {
    const rows = spector.map(([y = 0, gpa = 0, tuce = 0]) => [y, gpa, tuce, 2 * gpa - tuce]);
    await expect(fitted([rows], [...columns.slice(0, 3), 'both'])).rejects.toThrow(
      'Predictor both is a linear combination of GPA, TUCE',
    );
  });

  it('lets no round leave in which few rows have all the weight', async () => {
    const fit: Fit = { round: 3, centres: [3, 0, 0], scales: [0.001, 1, 1], coefficients: [0, 9, 0, 0] };
    const state = await stateOf(spector, 4, fit);
    expect(() => logisticRegression.conceal?.(state, 5)).toThrow('fewer than 5 rows');
    const flat = await stateOf(spector, 4, { ...fit, scales: [1, 1, 1], coefficients: [0, 1, 0, 0] });
    expect(logisticRegression.conceal?.(flat, 5)).not.toHaveProperty('squaredWeights');
  });

  it('takes back half a step that made the fit worse', async () => {
    const far: Fit = {
      round: 2,
      centres: [3, 20, 0],
      scales: [1, 1, 1],
      coefficients: [8, -4, 2, 0],
      previous: { coefficients: [0, 0, 0, 0], logLikelihood: -23 },
    };
    const state = await stateOf(spector, 4, far);
    expect(logisticRegression.next?.(state, { columns, group: '', fit: far })).toEqual({
      ...far,
      round: 3,
      coefficients: [4, -2, 1, 0],
    });
    expect(() =>
      logisticRegression.next?.(state, { columns, group: '', fit: { ...far, round: 25 } }),
    ).toThrow('did not come to an end in 25 rounds');
  });
});
