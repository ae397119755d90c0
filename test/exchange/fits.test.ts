import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Matrix, solve } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestedAlgorithm } from '../../src/systems/exchange/model/index.js';
import type { Cell } from '../../src/systems/exchange/steps/index.js';
import { exampleParsed, openTestConsortium, type TestConsortium } from './test-consortium.js';

const data = resolve(import.meta.dirname, '../../../shared/data/wage-gap');
const present = existsSync(data);
if (!present) console.info(`Skipped: the wage-gap data are not at ${data}.`);

function files(party: string): string {
  return `{ tables: { Personen: { file: "${data}/Personen_${party}.csv" }, Aanstellingen: { file: "${data}/Aanstellingen_${party}.csv" } } }`;
}

function withRealData(yaml: string): string {
  return yaml
    .replace('VU: { sample: { seed: 1 } }', `VU: ${files('VU')}`)
    .replace('UVA: { sample: { seed: 2 } }', `UVA: ${files('UVA')}`);
}

type Rows = readonly Readonly<Record<string, Cell>>[];

/** Equal rows of equal figures that so many appointments have: woman or not, then the predictors. */
interface Alike {
  readonly woman: number;
  readonly predictors: readonly number[];
  readonly count: number;
}

/** Newton's method without any of what the product does: no centres, no scales, no rounds over a border. */
function pooledFit(rows: readonly Alike[], size: number): number[] {
  let coefficients = new Array<number>(size + 1).fill(0);
  for (let round = 0; round < 30; round += 1) {
    const gradient = Matrix.zeros(size + 1, 1);
    const information = Matrix.zeros(size + 1, size + 1);
    for (const { woman, predictors, count } of rows) {
      const terms = [1, ...predictors];
      const linear = terms.reduce((sum, term, at) => sum + term * (coefficients[at] ?? 0), 0);
      const chance = 1 / (1 + Math.exp(-linear));
      for (const [i, one] of terms.entries()) {
        gradient.set(i, 0, gradient.get(i, 0) + count * (woman - chance) * one);
        for (const [j, other] of terms.entries()) {
          const weight = count * chance * (1 - chance);
          information.set(i, j, information.get(i, j) + weight * one * other);
        }
      }
    }
    const step = solve(information, gradient);
    coefficients = coefficients.map((value, at) => value + step.get(at, 0));
  }
  return coefficients;
}

describe.skipIf(!present)('fits over the wage gap of two universities', { timeout: 240_000 }, () => {
  let test: TestConsortium;
  beforeAll(async () => {
    test = await openTestConsortium({ configuration: exampleParsed(withRealData) });
  }, 120_000);
  afterAll(() => test.remove());

  const ask = async (algorithm: RequestedAlgorithm, archetype: string, dataProviders = ['UVA', 'VU']) => {
    const record = await test.ask({ dataProviders, archetype, algorithm });
    expect(record.error).toBeUndefined();
    return { record, rows: record.results.map(({ table }): Rows => table?.rows ?? []) };
  };

  /** The rows that the default query gives of a party's import, counted where they are alike. */
  const rowsOf = async (party: string, query: string): Promise<Alike[]> => {
    const folder = join(test.folder, 'agents', party);
    const file = readdirSync(folder, { recursive: true }).find((name) => String(name).endsWith('.duckdb'));
    const instance = await DuckDBInstance.create(join(folder, String(file)), { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `SELECT CAST(Geslacht = 'V' AS INTEGER), Salschal, Taakomv, count(*) FROM (${query}) WHERE Geslacht IS NOT NULL AND Salschal IS NOT NULL AND Taakomv IS NOT NULL GROUP BY ALL`,
    );
    connection.closeSync();
    instance.closeSync();
    return reader
      .getRowsJS()
      .map((cells) => cells.map(Number))
      .map(([woman = 0, scale = 0, hours = 0, count = 0]) => ({ woman, predictors: [scale, hours], count }));
  };

  const women: RequestedAlgorithm = {
    name: 'logisticRegression',
    outcome: { column: 'Geslacht', equals: 'V' },
    predictors: ['Salschal', 'Taakomv'],
  };
  const coefficients = (rows: Rows | undefined) => rows?.map(({ coefficient }) => Number(coefficient)) ?? [];
  const expectEqual = (actual: readonly number[], expected: readonly number[]) => {
    expect(actual).toHaveLength(expected.length);
    for (const [at, value] of expected.entries()) expect((actual[at] ?? 0) / value).toBeCloseTo(1, 8);
  };

  it('of a chance are those of an independent fit over all rows, under every archetype', async () => {
    const own = await ask(women, 'computeToData');
    const { query } = own.record.question;
    const parties = await Promise.all(['UVA', 'VU'].map((party) => rowsOf(party, query)));
    for (const [at, rows] of parties.entries()) {
      expectEqual(coefficients(own.rows[at]), pooledFit(rows, 2));
      expect(own.rows[at]?.[0]?.rows).toBe(rows.reduce((sum, { count }) => sum + count, 0));
    }
    const pooled = pooledFit(parties.flat(), 2);
    const through = await ask(women, 'dataThroughTtp');
    expectEqual(coefficients(through.rows[0]), pooled);
    const merged = await ask(women, 'federatedAggregate');
    expectEqual(coefficients(merged.rows[0]), pooled);
    expect(merged.rows[0]?.map(({ term, rows }) => [term, rows])).toEqual(
      ['(intercept)', 'Salschal', 'Taakomv'].map((term) => [
        term,
        parties.flat().reduce((sum, { count }) => sum + count, 0),
      ]),
    );
    // a pass for the moments, then each round: what left is entered with the coefficients that it was computed at
    const rounds = Number(merged.rows[0]?.[0]?.rounds);
    expect(rounds).toBeGreaterThan(2);
    const page = await test.consortium.directory
      .get('VU')
      ?.audit({ limit: 1_000, caller: { person: { id: 'ada', roles: [] } } });
    const entries = (page?.items ?? [])
      .filter(({ type }) => type === 'released')
      .map(({ data: entry }) => entry as { request: string; fit?: { round: number } })
      .filter(({ request }) => request === merged.record.id);
    expect(entries.map(({ fit }) => fit?.round ?? 0)).toEqual(
      Array.from({ length: rounds + 1 }, (_, round) => round),
    );
  });

  it.each<[RequestedAlgorithm, readonly string[]]>([
    [{ name: 'covariance', columns: ['Salschal', 'Taakomv'], groupBy: ['Geslacht'] }, ['covariance']],
    [{ name: 'correlation', columns: ['Salschal', 'Taakomv'], groupBy: [] }, ['correlation']],
    [
      { name: 'linearRegression', outcome: 'Salschal', predictors: ['Taakomv'], groupBy: ['Geslacht'] },
      ['coefficient', 'standardError', 'rSquared'],
    ],
    [{ name: 'quantiles', column: 'Salschal', groupBy: ['Geslacht'] }, ['value']],
  ])('of rows at a third party are those of merged partials: %j', async (algorithm, names) => {
    const { rows: merged } = await ask(algorithm, 'federatedAggregate');
    const { rows: through } = await ask(algorithm, 'dataThroughTtp');
    expect(through[0]?.length).toBeGreaterThan(0);
    expect(through[0]).toHaveLength(merged[0]?.length ?? 0);
    for (const [at, row] of (merged[0] ?? []).entries()) {
      expect(through[0]?.[at]?.rows).toBe(row.rows);
      for (const name of names)
        expect(Number(through[0]?.[at]?.[name]) / Number(row[name])).toBeCloseTo(1, 10);
    }
  });

  it('are refused for each group', async () => {
    await expect(test.ask({ algorithm: { ...women, groupBy: ['Nationaliteit'] } })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('gives one fit, not one for each group'),
    });
  });
});
