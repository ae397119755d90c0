import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabaseFile, openMadeDatabase } from '../made-database.js';
import { finishPartials, mergePartials, type Partials } from '../steps/index.js';
import { RunDatabase } from './database.js';
import { executeCombine } from './execute-combine.js';
import { executeQuery } from './execute-query.js';
import type { AlgorithmOrder, CombineOrder, CombineSource, QueryOrder } from './order.js';
import type { RunContext } from './run-context.js';

let folder: string;
const parties = ['VU', 'UVA'] as const;
const keys = ['0123456789abcde', '123456789abcdef', '23456789abcdef0', '3456789abcdef01', '456789abcdef012'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-combine-'));
  // persons have two rows each; of UVA fewer men have a value, and nobody there is X
  await makeDatabaseFile(
    join(folder, 'VU'),
    `CREATE TABLE P AS SELECT (range // 2)::INTEGER AS Nr, CASE WHEN range < 8 THEN 'X' WHEN range % 3 = 0 THEN 'M' ELSE 'V' END AS Sex, (range * 7 % 31)::INTEGER AS Pay, (range % 5) * 0.1 AS Part FROM range(400)`,
  );
  await makeDatabaseFile(
    join(folder, 'UVA'),
    `CREATE TABLE P AS SELECT (range // 2)::BIGINT AS Nr, CASE WHEN range % 2 = 0 THEN 'M' ELSE 'V' END AS Sex, CASE WHEN range % 4 > 0 THEN range * 11 % 37 END AS Pay, (range % 7) * 0.1 AS Part FROM range(300)`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const silent: RunContext = { begin: () => {}, phases: () => [], sink: { write: async () => {} } };
const limits = { timeMs: 1000, memoryMegabytes: 256, rows: 10_000, resultBytes: 1_000_000 };

function order(party: string, changes: Partial<QueryOrder>): QueryOrder {
  return {
    kind: 'query',
    database: join(folder, party),
    query: 'SELECT Nr, Sex, Pay, Part FROM P',
    grant: { P: '*' },
    declared: { unit: ['P.Nr'], measures: ['P.Pay', 'P.Part'], groups: ['P.Sex'], filters: [] },
    form: 'aggregates',
    minimumGroupSize: 10,
    extremes: false,
    releases: 'partials',
    limits,
    ...changes,
  };
}

async function query(party: string, changes: Partial<QueryOrder>, allowed: readonly string[] = []) {
  const database = await RunDatabase.open(join(folder, party), 256, 1, allowed);
  try {
    return await executeQuery(database, order(party, changes), silent);
  } finally {
    database.close();
  }
}

/** What a provider sends; a file stands for the pipe. */
async function send(party: string, changes: Partial<QueryOrder>): Promise<CombineSource> {
  const file = join(folder, `${party}.parquet`);
  const { result } = await query(party, { ...changes, transfer: { pipe: file, keys } }, [file]);
  return { party, file, rows: (result as { rows: number }).rows, hash: '' };
}

async function combine(changes: Partial<CombineOrder>, context: RunContext = silent) {
  const { sources = [] } = changes;
  const files = sources.map(({ file }) => file);
  const database = await RunDatabase.open(undefined, 256, 1, files);
  const base = { form: 'aggregates', minimumGroupSize: 10, extremes: false, releases: 'answer' } as const;
  try {
    return await executeCombine(database, { kind: 'combine', sources, ...base, limits, ...changes }, context);
  } finally {
    database.close();
  }
}

/** The columns of a file, with their types and the values of its first row. */
async function look({ file }: CombineSource) {
  const { connection, close } = await openMadeDatabase();
  const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${file}')`);
  const found = {
    names: reader.columnNames(),
    types: reader.columnTypes().map(String),
    rows: reader.getRows(),
  };
  close();
  return found;
}

describe('rows that several providers sent', () => {
  const asked: AlgorithmOrder[] = [
    { name: 'average', column: 'P.Pay', groupBy: ['P.Sex'], total: false },
    { name: 'sum', column: 'P.Pay', groupBy: ['P.Sex'], total: false },
    { name: 'variance', column: 'P.Pay', groupBy: ['P.Sex'], total: false },
    { name: 'count', groupBy: ['P.Sex'], total: false },
    { name: 'count', groupBy: [], total: false },
    { name: 'average', column: 'P.Part', groupBy: [], total: false },
    { name: 'histogram', column: 'P.Pay', groupBy: [], total: true, bins: { width: 20, origin: 0 } },
  ];

  it.each(asked)('give the figures of merged partials, whoever sent first: %j', async (algorithm) => {
    const all = await Promise.all(parties.map((party) => query(party, { algorithm })));
    const partials = all.map(({ result }) => (result as { partials: Partials }).partials);
    const merged = finishPartials(mergePartials(partials, 10));
    const sources = await Promise.all(parties.map((party) => send(party, { algorithm })));
    for (const order of [sources, sources.toReversed()]) {
      const { result } = await combine({ sources: order, algorithm });
      expect(result).toEqual({
        kind: 'answer',
        table: { ...merged, withheld: { ...merged.withheld, minimumGroupSize: 10 } },
      });
      expect(merged.rows.length).toBeGreaterThan(0);
    }
  });

  it('hold no more than the algorithm needs, and no person by name', async () => {
    const algorithm: AlgorithmOrder = { name: 'average', column: 'P.Pay', groupBy: ['P.Sex'], total: false };
    const { names, types, rows } = await look(await send('UVA', { algorithm }));
    expect(names).toEqual(['u0', 'g0', 'm0']);
    expect(types).toEqual(['BIGINT', 'VARCHAR', 'BIGINT']);
    // of four rows one has no value
    expect(rows.length).toBe(225);
    expect(new Set(rows.map(([unit]) => unit)).size).toBe(150);
    expect(rows.filter(([unit]) => Number(unit) < 1_000_000)).toEqual([]);
    const all = await look(await send('VU', { algorithm: { name: 'count', groupBy: [], total: false } }));
    expect(all.names).toEqual(['u0']);
  });

  it('are refused by a provider just as figures are', async () => {
    const algorithm: AlgorithmOrder = { name: 'average', column: 'P.Nr', groupBy: [], total: false };
    const undeclared = { code: 'statement-refused' };
    await expect(send('VU', { algorithm })).rejects.toMatchObject(undeclared);
    const computed = 'SELECT Nr, Pay * 2 AS Pay FROM P';
    const pay = { ...algorithm, column: 'P.Pay' };
    await expect(send('VU', { algorithm: pay, query: computed })).rejects.toMatchObject(undeclared);
    await expect(send('VU', {})).rejects.toMatchObject(undeclared);
    const few = { limits: { ...limits, rows: 399 } };
    await expect(send('VU', { algorithm: pay, ...few })).rejects.toMatchObject({ code: 'result-too-large' });
  });

  it('are given as they are, with their provider, where rows may leave', async () => {
    const rowsOnly = { form: 'rows', minimumGroupSize: 1 } as const;
    const ask = { ...rowsOnly, query: 'SELECT Nr, Sex AS provider FROM P WHERE Nr < 2 ORDER BY Nr' };
    const sources = await Promise.all(parties.map((party) => send(party, ask)));
    const written: Uint8Array[] = [];
    const sink = { write: async (bytes: Uint8Array) => void written.push(bytes.slice()) };
    const { result } = await combine({ sources, ...rowsOnly }, { ...silent, sink });
    expect(result).toEqual({ kind: 'rows', columns: ['provider', 'Nr', 'provider_2'], rows: 8 });
    const table = tableFromIPC(Buffer.concat(written));
    expect(table.toArray().map((row) => [...row].map(([, value]) => String(value)).join(' '))).toEqual([
      ...['VU 0 X', 'VU 0 X', 'VU 1 X', 'VU 1 X'],
      ...['UVA 0 M', 'UVA 0 V', 'UVA 1 M', 'UVA 1 V'],
    ]);
    await expect(combine({ sources })).rejects.toMatchObject({ code: 'statement-refused' });
  });

  it('are refused where they are not one table, with the column and the parties', async () => {
    const algorithm: AlgorithmOrder = { name: 'sum', column: 'P.Pay', groupBy: [], total: false };
    const vu = await send('VU', { algorithm });
    const other = await send('UVA', { algorithm: { ...algorithm, column: 'P.Part' } });
    await expect(combine({ sources: [vu, other], algorithm })).rejects.toMatchObject({
      code: 'run-failed',
      message: expect.stringMatching(/^Column m0 is INTEGER at VU and DECIMAL\(.*\) at UVA/),
    });
    const without = await send('UVA', { algorithm, minimumGroupSize: 1 });
    await expect(combine({ sources: [vu, without], algorithm })).rejects.toMatchObject({
      message: 'UVA sent no column u0, and VU did.',
    });
    await expect(combine({ sources: [without], algorithm })).rejects.toMatchObject({
      message: 'The rows that came lack column u0, which sum needs.',
    });
    const garbage = { party: 'UVA', file: join(folder, 'VU'), rows: 1, hash: '' };
    await expect(combine({ sources: [vu, garbage], algorithm })).rejects.toMatchObject({
      code: 'run-failed',
      message: 'What UVA sent is no table that can be read.',
    });
    const more = { ...vu, rows: 399 };
    await expect(combine({ sources: [more], algorithm })).rejects.toMatchObject({
      message: 'VU sent 400 rows, and signed for 399.',
    });
  });
});
