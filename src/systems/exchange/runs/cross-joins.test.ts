import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabaseFile } from '../made-database.js';
import { withCrossJoins } from './cross-joins.js';
import { RunDatabase } from './database.js';
import { executeQuery } from './execute-query.js';
import type { QueryOrder } from './order.js';
import type { RunContext } from './run-context.js';

let folder: string;
let database: RunDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-cross-'));
  const file = await makeDatabaseFile(
    join(folder, 'staff.duckdb'),
    `CREATE TABLE Personen AS SELECT range AS Unieknr, if(range % 3 = 0, 'M', 'V') AS Geslacht FROM range(30)`,
    'CREATE TABLE Aanstellingen AS SELECT range AS Unieknr, 10 + range AS Salschal FROM range(4)',
  );
  database = await RunDatabase.open(file, 256, 1);
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const read = (query: string) => withCrossJoins(query, (text) => database.parserError(text));

describe('a JOIN without a condition', () => {
  it.each([
    ['SELECT * FROM a x JOIN b y LIMIT 5', 'SELECT * FROM a x CROSS JOIN b y LIMIT 5'],
    ['SELECT * FROM a inner  join b', 'SELECT * FROM a CROSS JOIN b'],
    ['SELECT * FROM a JOIN b -- JOIN c', 'SELECT * FROM a CROSS JOIN b -- JOIN c'],
    ['SELECT * FROM a JOIN b JOIN c WHERE 1 = 1', 'SELECT * FROM a CROSS JOIN b CROSS JOIN c WHERE 1 = 1'],
    ['SELECT * FROM a JOIN b ON a.i = b.i JOIN c', 'SELECT * FROM a JOIN b ON a.i = b.i CROSS JOIN c'],
    ['SELECT * FROM (SELECT * FROM a JOIN b) x', 'SELECT * FROM (SELECT * FROM a CROSS JOIN b) x'],
    [
      `SELECT '😀 JOIN', "JOIN" FROM a JOIN b LIMIT 1`,
      `SELECT '😀 JOIN', "JOIN" FROM a CROSS JOIN b LIMIT 1`,
    ],
  ])('is a cross join: %s', async (query, meant) => {
    expect(await read(query)).toBe(meant);
  });

  it('leaves a statement that parses as it is', async () => {
    const query = 'SELECT * FROM a JOIN b ON a.i = b.i';
    expect(await read(query)).toBe(query);
  });

  it.each([
    'SELECT * FROM a LEFT JOIN b LIMIT 1',
    'SELEC * FROM a JOIN b',
    'SELECT * FROM a JOIN b LIMIT LIMIT',
    'SELECT * FROM a NATURAL JOIN b WHERE',
    'SELECT 1 FROM',
  ])('makes no statement of other faults: %s', async (query) => {
    expect(await read(query)).toBeUndefined();
  });
});

const context: RunContext = { begin: () => {}, phases: () => [], sink: { write: async () => {} } };

const order: QueryOrder = {
  kind: 'query',
  database: '',
  query: 'SELECT * FROM Personen p JOIN Aanstellingen s LIMIT 1000',
  crossJoinWithoutOn: true,
  grant: { Personen: '*', Aanstellingen: '*' },
  declared: {
    unit: ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
    measures: ['Aanstellingen.Salschal'],
    groups: ['Personen.Geslacht'],
    filters: [],
  },
  form: 'aggregates',
  minimumGroupSize: 1,
  extremes: false,
  releases: 'answer',
  algorithm: {
    name: 'average',
    column: 'Aanstellingen.Salschal',
    groupBy: ['Personen.Geslacht'],
    total: false,
  },
  limits: { timeMs: 1000, memoryMegabytes: 256, rows: 100, resultBytes: 100_000 },
};

describe('a run that is told to take it so', () => {
  it('pairs every row with every other, and says so', async () => {
    const report = await executeQuery(database, order, context);
    expect(report.crossJoined).toBe(true);
    expect(report.statement).toContain('Personen p CROSS JOIN Aanstellingen s');
    expect(report.result).toMatchObject({
      kind: 'answer',
      table: {
        rows: [
          { Geslacht: 'M', average: 11.5, rows: 40 },
          { Geslacht: 'V', average: 11.5, rows: 80 },
        ],
      },
    });
  });

  it('says nothing of it where the query has its condition', async () => {
    const query = 'SELECT * FROM Personen p JOIN Aanstellingen s ON p.Unieknr = s.Unieknr';
    expect((await executeQuery(database, { ...order, query }, context)).crossJoined).toBeUndefined();
  });

  it('refuses the fault where it is not told to', async () => {
    const { crossJoinWithoutOn: _, ...strict } = order;
    await expect(executeQuery(database, strict, context)).rejects.toMatchObject({
      code: 'statement-invalid',
      message: expect.stringContaining('syntax error at or near "LIMIT"'),
    });
  });

  it('authorises what it reads as any other statement: with a minimum group size persons may not be paired', async () => {
    await expect(executeQuery(database, { ...order, minimumGroupSize: 10 }, context)).rejects.toMatchObject({
      code: 'statement-refused',
    });
    const grant = { Personen: ['Geslacht'], Aanstellingen: '*' } as const;
    await expect(executeQuery(database, { ...order, grant }, context)).rejects.toMatchObject({
      code: 'statement-refused',
      message: expect.stringContaining('Personen.Unieknr'),
    });
  });
});
