import { buffer, text } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, openTestConsortium, type TestConsortium } from './test-consortium.js';

const grace = { id: 'grace@university.example', name: 'Grace' };

let test: TestConsortium;
beforeAll(async () => {
  test = await openTestConsortium();
});
afterAll(() => test.remove());

describe('a request', () => {
  it('is answered by those who allow it, and says why the other does not', async () => {
    const record = await test.ask();
    expect(record.state).toBe('answered');
    expect(record.results.map((result) => result.providers)).toEqual([['UVA'], ['VU']]);
    expect(record.job).toMatch(/^ada-[0-9a-f]{8}$/);
    const explanation = await test.consortium.exchange.explanation(record.id);
    expect(explanation.providers.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['RUG', 'refused'],
      ['UVA', 'took part'],
      ['VU', 'took part'],
    ]);
    expect(explanation.providers[0]?.because[0]).toContain('RUG has no relation with ada@university.example');
    expect(
      explanation.chains.every((chain) => chain.phases.some((phase) => phase.name === 'authorise')),
    ).toBe(true);
    expect(Object.keys(record.results[1]?.named ?? {})).toEqual([
      'avg_salary_scale_men',
      'avg_salary_scale_women',
    ]);
  });

  it('that nobody allows is recorded with every reason, and can be explained', async () => {
    const record = await test.ask({ user: { id: 'mallory@university.example' } });
    expect([record.state, record.error?.code, record.job]).toEqual(['refused', 'request-refused', undefined]);
    const explanation = await test.consortium.exchange.explanation(record.id);
    expect(explanation.providers.map((one) => one.because[0])).toEqual([
      expect.stringContaining('RUG has no relation with mallory'),
      expect.stringContaining('UVA has no relation with mallory'),
      expect.stringContaining('The earlier results were published without consent.'),
    ]);
    expect(await test.consortium.exchange.request(record.id)).toEqual(record);
  });

  it('that cannot be understood is no request: unknown names are named, with the nearest known', async () => {
    await expect(test.ask({ dataProviders: ['VUU'] })).rejects.toMatchObject({
      code: 'unknown-party',
      message: expect.stringContaining('VU'),
    });
    await expect(test.ask({ archetype: 'computeToDate' })).rejects.toMatchObject({
      code: 'unknown-archetype',
      message: expect.stringContaining('computeToData'),
    });
    await expect(test.ask({ options: { anonymise: true } })).rejects.toMatchObject({
      code: 'unknown-option',
      message: expect.stringContaining('anonymize'),
    });
    await expect(test.ask({ requestType: 'sql' })).rejects.toMatchObject({ code: 'unknown-request-type' });
  });

  it('with SQL that does not parse fails at the place that DuckDB names', async () => {
    const record = await test.ask({ query: 'SELECT Geslacht\nFORM Personen', algorithm: { name: 'count' } });
    expect([record.state, record.error?.code]).toEqual(['failed', 'statement-invalid']);
    expect(record.error?.details).toMatchObject({ line: 2 });
  });

  it('holds back small groups, says how many, and names none of them', async () => {
    const record = await test.ask({
      dataProviders: ['VU'],
      algorithm: { name: 'count', groupBy: ['Nationaliteit'], total: true },
    });
    const table = record.results[0]?.table;
    expect(table?.withheld.groups).toBeGreaterThan(0);
    expect(table?.rows.filter((row) => row.total !== true).every((row) => Number(row.count) >= 10)).toBe(
      true,
    );
    expect(table?.rows.at(-1)).toMatchObject({ Nationaliteit: null, total: true, count: 18_600 });
  });

  it('for rows gets them only where the relation says so, anonymised as declared', async () => {
    const record = await test.ask({
      user: grace,
      dataProviders: ['VU'],
      query: 'SELECT Unieknr, Geslacht, Gebdat FROM Personen ORDER BY Geslacht LIMIT 5',
    });
    expect(record.error).toBeUndefined();
    const { body } = await test.consortium.exchange.answer(record.id, 'arrow');
    const rows = tableFromIPC(await buffer(body)).toArray();
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      expect(row.Unieknr).toMatch(/^[0-9a-f]{32}$/);
      expect(row.Gebdat).toMatch(/^(19|20)\d\d$/);
    }
    const asked = await test.ask({ dataProviders: ['VU'], query: 'SELECT Geslacht FROM Personen' });
    expect(asked.decisions[0]).toMatchObject({ approved: false, reasons: [{ code: 'output-form' }] });
  });

  it('gives its answer as JSON, CSV and Arrow', async () => {
    const record = await test.ask({ dataProviders: ['VU', 'UVA'] });
    const { exchange } = test.consortium;
    const csv = await text((await exchange.answer(record.id, 'csv')).body);
    expect(csv.split('\r\n')[0]).toBe('provider,Geslacht,average,rows');
    expect(csv.trim().split('\r\n')).toHaveLength(5);
    const json = JSON.parse(await text((await exchange.answer(record.id, 'json')).body));
    expect(json.results.map((result: { providers: string[] }) => result.providers)).toEqual([
      ['UVA'],
      ['VU'],
    ]);
    expect(json.results[0].rows).toEqual(record.results[0]?.table?.rows);
    const arrow = await exchange.answer(record.job ?? '', 'arrow', { result: 1 });
    const table = tableFromIPC(await buffer(arrow.body));
    expect(table.schema.fields.map((field) => field.name)).toEqual(['Geslacht', 'average', 'rows']);
    expect(table.toArray().map((row) => row.average)).toEqual(
      record.results[1]?.table?.rows.map((row) => row.average),
    );
  });

  it('tells what happens while it happens, and the same again afterwards', async () => {
    const { exchange } = test.consortium;
    const asked = await exchange.ask({ user: ada, dataProviders: ['VU'] });
    const seen: string[] = [];
    for await (const event of exchange.events(asked.id, 0, new AbortController().signal))
      seen.push(event.type);
    expect(seen.slice(0, 4)).toEqual(['received', 'approved', 'placed', 'run-started']);
    expect(seen.at(-1)).toBe('answered');
    await asked.ended;
    const again: number[] = [];
    for await (const event of exchange.events(asked.id, 2, new AbortController().signal))
      again.push(event.sequence);
    expect(again[0]).toBe(3);
    expect(again).toHaveLength(seen.length - 2);
  });
});

describe('a dry run', () => {
  it('says what would be allowed, per provider and why, and runs nothing', async () => {
    const dry = await test.consortium.exchange.dryRun({ user: ada, archetype: 'federatedAggregate' });
    expect(dry.decisions.map((decision) => [decision.provider, decision.approved])).toEqual([
      ['RUG', false],
      ['UVA', true],
      ['VU', true],
    ]);
    expect(
      dry.composition?.chains.map((chain) => [chain.party, chain.steps.map((step) => step.mode)]),
    ).toEqual([
      ['UVA', ['whole', 'partial']],
      ['VU', ['whole', 'partial']],
      ['SURF', ['merge']],
    ]);
    const refused = await test.consortium.exchange.dryRun({ user: ada, dataProviders: ['RUG'] });
    expect(refused.error?.code).toBe('request-refused');
  });
});
