import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestedAlgorithm } from '../../src/systems/exchange/model/index.js';
import type { Cell } from '../../src/systems/exchange/steps/index.js';
import { openTestConsortium, type TestConsortium } from './test-consortium.js';

type Rows = readonly Readonly<Record<string, Cell>>[];

// many questions in one test, on machines that do other work besides
describe('figures over several measures, merged over two universities', { timeout: 180_000 }, () => {
  let test: TestConsortium;
  beforeAll(async () => {
    test = await openTestConsortium();
  });
  afterAll(() => test.remove());

  /** The rows of each result: one merged, or one for each provider. */
  const ask = async (algorithm: RequestedAlgorithm, archetype: string): Promise<Rows[]> => {
    const record = await test.ask({ dataProviders: ['UVA', 'VU'], archetype, algorithm });
    expect(record.error).toBeUndefined();
    return record.results.map(({ table }) => table?.rows ?? []);
  };
  const figure = (rows: Rows | undefined, at: number, name: string) => Number(rows?.[at]?.[name]);
  const columns = ['Salschal', 'Taakomv'];

  it('are those of all rows together, by the moments that each provider answers', async () => {
    const covariance: RequestedAlgorithm = { name: 'covariance', columns, groupBy: [] };
    const average = (column: string): RequestedAlgorithm => ({ name: 'average', column, groupBy: [] });
    const own = await ask(covariance, 'computeToData');
    const means = await Promise.all(columns.map((column) => ask(average(column), 'computeToData')));
    const counts = own.map((rows) => figure(rows, 0, 'rows'));
    const [n1 = 0, n2 = 0] = counts;
    const difference = (at: number) =>
      figure(means[at]?.[1], 0, 'average') - figure(means[at]?.[0], 0, 'average');
    const pooled = [
      [0, 0],
      [0, 1],
      [1, 1],
    ].map(([i = 0, j = 0], at) => {
      const within = own.reduce(
        (sum, rows, party) => sum + figure(rows, at, 'covariance') * ((counts[party] ?? 0) - 1),
        0,
      );
      return within + (difference(i) * difference(j) * n1 * n2) / (n1 + n2);
    });
    const [xx = 0, xy = 0, yy = 0] = pooled;

    const [merged] = await ask(covariance, 'federatedAggregate');
    expect(merged?.map(({ first, second }) => [first, second])).toEqual([
      ['Salschal', 'Salschal'],
      ['Salschal', 'Taakomv'],
      ['Taakomv', 'Taakomv'],
    ]);
    for (const [at, value] of pooled.entries()) {
      expect(figure(merged, at, 'covariance') / (value / (n1 + n2 - 1))).toBeCloseTo(1, 10);
    }
    const [correlation] = await ask({ name: 'correlation', columns, groupBy: [] }, 'federatedAggregate');
    expect(figure(correlation, 0, 'correlation')).toBeCloseTo(xy / Math.sqrt(xx * yy), 10);

    const regression: RequestedAlgorithm = {
      name: 'linearRegression',
      outcome: 'Salschal',
      predictors: ['Taakomv'],
      groupBy: [],
    };
    const [fit] = await ask(regression, 'federatedAggregate');
    expect(fit?.map(({ term, rows }) => [term, rows])).toEqual([
      ['(intercept)', n1 + n2],
      ['Taakomv', n1 + n2],
    ]);
    expect(figure(fit, 1, 'coefficient')).toBeCloseTo(xy / yy, 10);
    expect(figure(fit, 1, 'rSquared')).toBeCloseTo((xy * xy) / (xx * yy), 10);
  });

  it('are quantiles between those of the providers', async () => {
    const median: RequestedAlgorithm = {
      name: 'quantiles',
      column: 'Salschal',
      quantiles: [0.5],
      groupBy: [],
    };
    const own = await ask(median, 'computeToData');
    const [merged] = await ask(median, 'federatedAggregate');
    const values = own.map((rows) => figure(rows, 0, 'value'));
    expect(figure(merged, 0, 'value')).toBeGreaterThanOrEqual(Math.min(...values));
    expect(figure(merged, 0, 'value')).toBeLessThanOrEqual(Math.max(...values));
    expect(figure(merged, 0, 'rows')).toBe(own.reduce((sum, rows) => sum + figure(rows, 0, 'rows'), 0));
  });

  it('are refused where the outcome is a predictor besides', async () => {
    const record = await test
      .ask({
        dataProviders: ['VU'],
        algorithm: { name: 'linearRegression', outcome: 'Salschal', predictors: ['Salschal', 'Taakomv'] },
      })
      .catch((error: unknown) => error);
    expect(record).toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('is the outcome'),
    });
  });
});
