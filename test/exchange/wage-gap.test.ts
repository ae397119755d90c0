import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../src/systems/exchange/steps/index.js';
import { exampleParsed, openTestConsortium, type TestConsortium } from './test-consortium.js';

const data = resolve(import.meta.dirname, '../../../shared/data/wage-gap');
const present = existsSync(data);
if (!present) console.info(`Skipped: the wage-gap data are not at ${data}.`);

/** The reference answers of the data's own README: rows and mean salary scale. */
const reference = {
  UVA: { M: [8_116, 12.252957121734845], V: [10_523, 10.50498907155754] },
  VU: { M: [8_007, 10.856375671287623], V: [8_618, 9.657461127871896] },
  both: { M: [16_123, 11.559387210816846], V: [19_141, 10.123400031346325] },
} as const;

function files(party: string): string {
  return `{ tables: { Personen: { file: "${data}/Personen_${party}.csv" }, Aanstellingen: { file: "${data}/Aanstellingen_${party}.csv" } } }`;
}

function withRealData(yaml: string): string {
  return yaml
    .replace('VU: { sample: { seed: 1 } }', `VU: ${files('VU')}`)
    .replace('UVA: { sample: { seed: 2 } }', `UVA: ${files('UVA')}`)
    .replace(/Personen: \[Unieknr, Geslacht, Nationaliteit, Peildat\]/g, 'Personen: "*"')
    .replace(/groups:\n/, 'groups:\n      - Personen.Instcode\n');
}

function expectMeans(
  rows: readonly Readonly<Record<string, Cell>>[] | undefined,
  of: keyof typeof reference,
): void {
  expect(rows?.map((row) => row.Geslacht)).toEqual(['M', 'V']);
  for (const row of rows ?? []) {
    const [count, mean] = reference[of][row.Geslacht as 'M' | 'V'];
    expect(row.rows).toBe(count);
    expect(Number(row.average)).toBeCloseTo(mean, 11);
    expect(Number(row.average).toPrecision(12)).toBe(mean.toPrecision(12));
  }
}

describe.skipIf(!present)('the wage gap of two universities, on the data as they really come', () => {
  let test: TestConsortium;

  beforeAll(async () => {
    test = await openTestConsortium({ configuration: exampleParsed(withRealData) });
  });
  afterAll(() => test.remove());

  it('has each university compute its own means', async () => {
    const record = await test.ask({ dataProviders: ['UVA', 'VU'], archetype: 'computeToData' });
    expect(record.error).toBeUndefined();
    expect(record.results.map((result) => [result.providers, result.computedAt])).toEqual([
      [['UVA'], 'UVA'],
      [['VU'], 'VU'],
    ]);
    expectMeans(record.results[0]?.table?.rows, 'UVA');
    expectMeans(record.results[1]?.table?.rows, 'VU');
    expect(
      record.crossings.every((crossing) => crossing.what === 'answer' && crossing.to === 'requester'),
    ).toBe(true);
  });

  it('merges the means of both exactly, from sums and counts', async () => {
    const record = await test.ask({ dataProviders: ['UVA', 'VU'], archetype: 'federatedAggregate' });
    expect(record.error).toBeUndefined();
    expect(record.results).toHaveLength(1);
    expect(record.results[0]?.computedAt).toBe('SURF');
    expectMeans(record.results[0]?.table?.rows, 'both');
    expect(record.crossings.map(({ from, to, what, rows }) => [from, to, what, rows])).toEqual([
      ['UVA', 'SURF', 'partials', 2],
      ['VU', 'SURF', 'partials', 2],
      ['SURF', 'requester', 'answer', 2],
    ]);
  });

  it('gives the same over the rows of both at a third party, every row counted once', async () => {
    for (const dataProviders of [
      ['UVA', 'VU'],
      ['VU', 'UVA'],
    ]) {
      const record = await test.ask({ dataProviders, archetype: 'dataThroughTtp' });
      expect(record.error).toBeUndefined();
      expect(record.results.map(({ providers, computedAt }) => [providers, computedAt])).toEqual([
        [['UVA', 'VU'], 'SURF'],
      ]);
      expectMeans(record.results[0]?.table?.rows, 'both');
      const crossed = record.crossings.map(({ from, to, what, rows }) => [from, to, what, rows]);
      expect(crossed).toEqual([
        ['UVA', 'SURF', 'rows', 18_639],
        ['VU', 'SURF', 'rows', 16_625],
        ['SURF', 'requester', 'answer', 2],
      ]);
    }
    const alone = await test.ask({ dataProviders: ['VU'], archetype: 'dataThroughTtp' });
    expectMeans(alone.results[0]?.table?.rows, 'VU');
    expect(readdirSync(join(test.folder, 'agents/SURF/received'))).toEqual([]);
    expect(readdirSync(join(test.folder, 'agents/VU/pipes'))).toEqual([]);
  }, 120_000);

  it('reads every cell clean: one institute code per university', async () => {
    const record = await test.ask({
      dataProviders: ['UVA', 'VU'],
      algorithm: { name: 'count', groupBy: ['Personen.Instcode'] },
    });
    expect(record.results.map((result) => result.table?.rows)).toEqual([
      [{ Instcode: 'AAA', count: 18_639 }],
      [{ Instcode: 'DDD', count: 16_625 }],
    ]);
  });

  it('imported every line', () => {
    const tables = test.consortium.exchange
      .dataSets()[0]
      ?.providers.filter((provider) => provider.party !== 'RUG')
      .map(({ party, tables }) => [party, tables.map(({ name, rows, rejected }) => [name, rows, rejected])]);
    expect(tables).toEqual([
      [
        'UVA',
        [
          ['Aanstellingen', 18_639, 0],
          ['Personen', 18_026, 0],
        ],
      ],
      [
        'VU',
        [
          ['Aanstellingen', 16_626, 0],
          ['Personen', 16_217, 0],
        ],
      ],
    ]);
  });
});
