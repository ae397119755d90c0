import { describe, expect, it } from 'vitest';
import type { PartialState } from './algorithm.js';
import { linearRegression } from './linear-regression.js';
import { pairs } from './moments.js';

/** The state of rows, as a provider's run would compute it: means first, then co-moments about them. */
function stateOf(rows: readonly (readonly number[])[]): PartialState {
  const means = (rows[0] ?? []).map(
    (_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length,
  );
  const coMoments = pairs(means.length).map(([i, j]) =>
    rows.reduce((sum, row) => sum + ((row[i] ?? 0) - (means[i] ?? 0)) * ((row[j] ?? 0) - (means[j] ?? 0)), 0),
  );
  return { rows: rows.length, means, coMoments };
}

const fitted = (rows: readonly (readonly number[])[], columns: readonly string[]) =>
  linearRegression.finish(stateOf(rows), { columns, group: '' });

/** Digits that agree, as NIST counts them. */
const digits = (actual: unknown, certified: number) =>
  -Math.log10(Math.max(1e-16, Math.abs(Number(actual) - certified) / Math.abs(certified)));

/** Longley (1967), as NIST StRD has it: y, then x1 to x6. */
const longley = [
  [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
  [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
  [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
  [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
  [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
  [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
  [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
  [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
  [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
  [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
  [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
  [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
  [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
  [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
  [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
  [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
];

describe('linearRegression', () => {
  it('has the certified values of Longley, whose predictors are nearly collinear', () => {
    const rows = fitted(longley, ['y', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6']);
    const certified = [
      [-3482258.63459582, 890420.383607373],
      [15.0618722713733, 84.9149257747669],
      [-0.035819179292591, 0.0334910077722432],
      [-2.02022980381683, 0.488399681651699],
      [-1.03322686717359, 0.214274163161675],
      [-0.0511041056535807, 0.22607320006937],
      [1829.15146461355, 455.478499142212],
    ] as const;
    expect(rows.map(({ term }) => term)).toEqual(['(intercept)', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6']);
    for (const [at, [coefficient, standardError]] of certified.entries()) {
      expect(digits(rows[at]?.coefficient, coefficient)).toBeGreaterThan(9);
      expect(digits(rows[at]?.standardError, standardError)).toBeGreaterThan(9);
    }
    expect(digits(rows[0]?.residualStandardError, 304.854073561965)).toBeGreaterThan(9);
    expect(digits(rows[0]?.rSquared, 0.995479004577296)).toBeGreaterThan(12);
    expect([rows[0]?.degreesOfFreedom, rows[0]?.rows]).toEqual([9, 16]);
  });

  it('names the predictors that are a combination of one another, or have one value', () => {
    const rows = longley.map(([y = 0, x = 0, z = 0, w = 0]) => [y, x, z, w, 3 * x - 2 * w + 5, 7]);
    const named = ['y', 'price', 'product', 'unemployed', 'both', 'seven'];
    expect(() => fitted(rows, named)).toThrow(
      expect.objectContaining({
        code: 'no-fit',
        message:
          'Predictor both is a linear combination of price, unemployed, so that no fit can tell them apart. Leave one of them out.',
      }),
    );
    const constant = rows.map(([y = 0, x = 0, , , , seven = 0]) => [y, x, seven]);
    const state = stateOf(constant);
    expect(() =>
      linearRegression.finish(state, { columns: ['y', 'price', 'seven'], group: ' of sex M' }),
    ).toThrow('Predictor seven has the same value in every row of sex M, so it explains nothing.');
  });

  it('is refused over too few rows', () => {
    expect(() => fitted(longley.slice(0, 3), ['y', 'x1', 'x2'])).toThrow(
      'There are 3 rows, too few for a regression with 2 predictors.',
    );
  });
});
