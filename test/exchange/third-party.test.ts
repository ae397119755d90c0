import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestBody } from '../../src/systems/exchange/model/index.js';
import { ada, exampleParsed, openTestConsortium, type TestConsortium } from './test-consortium.js';

let test: TestConsortium;

/** The example, in which both providers let single rows go to a third party and to Ada. */
function withRows(yaml: string): string {
  return yaml.replaceAll('form: aggregates', 'form: rows');
}

const left = () => [
  readdirSync(join(test.folder, 'agents/SURF/received')),
  ...['VU', 'UVA'].map((party) => readdirSync(join(test.folder, 'agents', party, 'pipes'))),
];

const both = { dataProviders: ['VU', 'UVA'] } as const;
const total = {
  algorithm: { name: 'count', groupBy: ['Personen.Nationaliteit'], total: true },
} as const satisfies Partial<RequestBody>;

/** Milliseconds: a machine that is busy with other things starts a run's process in seconds. */
const patience = 120_000;

describe('figures over rows at a third party', { timeout: patience }, () => {
  beforeAll(async () => {
    test = await openTestConsortium();
  });
  afterAll(() => test.remove());

  const tableOf = async (archetype: string, body: Partial<RequestBody>) => {
    const record = await test.ask({ ...both, ...body, dataProviders: [...both.dataProviders], archetype });
    expect(record.error).toBeUndefined();
    return record.results[0]?.table;
  };

  it.each([
    [{}],
    // bars of ten and more persons at each: smaller ones are counted together only where all rows are in one place
    [
      {
        algorithm: { name: 'histogram', column: 'Aanstellingen.Salschal', groupBy: [], bins: { width: 10 } },
      },
    ],
    [
      {
        algorithm: { name: 'variance', column: 'Aanstellingen.Salschal', groupBy: ['Aanstellingen.HOOPgeb'] },
      },
    ],
  ] as const)('are those of merged partials: %j', async (body) => {
    const asked = JSON.parse(JSON.stringify(body)) as Partial<RequestBody>;
    const merged = await tableOf('federatedAggregate', asked);
    const through = await tableOf('dataThroughTtp', asked);
    expect(through?.rows.length).toBeGreaterThan(0);
    expect(through?.rows).toEqual(merged?.rows);
    expect(left()).toEqual([[], [], []]);
  });

  it('withhold groups of few persons, by the largest minimum that any provider names', async () => {
    const table = await tableOf('dataThroughTtp', JSON.parse(JSON.stringify(total)));
    expect(table?.withheld.minimumGroupSize).toBe(10);
    expect(table?.withheld.groups).toBeGreaterThan(0);
    for (const row of table?.rows ?? []) expect(row.count).toBeGreaterThanOrEqual(10);
  });

  it('are entered at both ends, with what went from whom to whom', async () => {
    const record = await test.ask({ dataProviders: [...both.dataProviders], archetype: 'dataThroughTtp' });
    const releasedBy = async (party: string) => {
      const caller = { person: { id: ada.id, roles: [] } };
      const page = await test.consortium.directory.get(party)?.audit({ limit: 1_000, caller });
      const found = page?.items.find(
        ({ type, data }) => type === 'released' && (data as { request?: string }).request === record.id,
      );
      return found?.data as { to: string; rows: number; bytes: number; hash: string; received?: unknown[] };
    };
    const { received } = await releasedBy('SURF');
    expect(received).toHaveLength(2);
    for (const party of both.dataProviders) {
      const { to, rows, bytes, hash } = await releasedBy(party);
      expect(to).toBe('SURF');
      expect(received).toContainEqual({ party, rows, bytes, hash });
    }
  });

  it('are drawn by the third party where a graph is asked for', async () => {
    const record = await test.ask({
      dataProviders: [...both.dataProviders],
      archetype: 'dataThroughTtp',
      options: { graph: true },
    });
    expect(record.error).toBeUndefined();
    expect(record.results[0]).toMatchObject({ computedAt: 'SURF', providers: ['UVA', 'VU'] });
    expect(record.results[0]?.graph).toMatchObject({
      title: { text: 'Average of Salary scale by Geslacht' },
    });
    const drawnAt = record.runs.filter(({ steps }) => steps.some(({ step }) => step === 'sql-graph'));
    expect(drawnAt.map(({ party }) => party)).toEqual(['SURF']);
  });

  it('leave nothing behind where the request is cancelled, and others are answered', async () => {
    const live = await test.consortium.exchange.ask({
      user: ada,
      dataProviders: [...both.dataProviders],
      archetype: 'dataThroughTtp',
    });
    await test.consortium.exchange.cancel(live.id);
    const ended = await live.ended;
    expect(ended.state).toBe('cancelled');
    expect(await tableOf('dataThroughTtp', {})).toBeDefined();
    expect(left()).toEqual([[], [], []]);
  });
});

describe('rows through a third party', { timeout: patience }, () => {
  beforeAll(async () => {
    test = await openTestConsortium({ configuration: exampleParsed(withRows) });
  });
  afterAll(() => test.remove());

  it('are those of all providers, each with its provider', async () => {
    const query = 'SELECT Geslacht, Peildat FROM Personen LIMIT 20';
    const record = await test.ask({
      dataProviders: [...both.dataProviders],
      archetype: 'dataThroughTtp',
      query,
    });
    expect(record.error).toBeUndefined();
    expect(record.results[0]?.rows?.columns).toEqual(['provider', 'Geslacht', 'Peildat']);
    const answer = await test.consortium.exchange.answer(record.id, 'arrow');
    const table = tableFromIPC(await buffer(answer.body));
    expect(new Set(table.toArray().map((row) => row.provider))).toEqual(new Set(['UVA', 'VU']));
    expect([table.numRows, record.results[0]?.rows?.rows]).toEqual([40, 40]);
  });
});
