import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabaseFile } from '../made-database.js';
import { RunDatabase } from './database.js';
import { executeQuery } from './execute-query.js';
import type { QueryOrder } from './order.js';
import type { RunContext } from './run-context.js';

let folder: string;
let database: RunDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-form-'));
  const file = await makeDatabaseFile(
    join(folder, 'people.duckdb'),
    `CREATE TABLE Personen AS SELECT range AS Unieknr, 19400101 + range AS Gebdat, 'M' AS Geslacht FROM range(50)`,
  );
  database = await RunDatabase.open(file, 256, 1);
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const context: RunContext = { begin: () => {}, phases: () => [], sink: { write: async () => {} } };

function order(changes: Partial<QueryOrder>): QueryOrder {
  return {
    kind: 'query',
    database: '',
    query: 'SELECT Unieknr, Geslacht FROM Personen',
    grant: { Personen: '*' },
    declared: {
      unit: ['Personen.Unieknr'],
      measures: ['Personen.Gebdat'],
      groups: ['Personen.Geslacht'],
      filters: [],
    },
    form: 'aggregates',
    minimumGroupSize: 10,
    extremes: false,
    releases: 'answer',
    limits: { timeMs: 1000, memoryMegabytes: 256, rows: 100, resultBytes: 100_000 },
    ...changes,
  };
}

describe('a run that is told wrong', () => {
  it('lets no rows out where only aggregates may leave, whoever left the algorithm out', async () => {
    await expect(executeQuery(database, order({}), context)).rejects.toMatchObject({
      code: 'statement-refused',
      message: expect.stringContaining('Only figures over groups may leave'),
    });
  });

  it('makes no figure of what sql-anonymize hides, also where rows may leave', async () => {
    const around = order({
      form: 'rows',
      minimumGroupSize: 1,
      query: 'SELECT Gebdat + 0 AS Gebdat, Geslacht FROM Personen WHERE Unieknr = 7',
      anonymize: {
        rules: { 'Personen.Gebdat': { method: 'drop' }, 'Personen.Unieknr': { method: 'pseudonymize' } },
        key: 'k',
      },
      algorithm: { name: 'average', column: 'Personen.Gebdat', groupBy: ['Personen.Geslacht'], total: false },
    });
    await expect(executeQuery(database, around, context)).rejects.toMatchObject({
      code: 'statement-refused',
    });
  });
});

describe('a statement that cannot be bound', () => {
  it.each([
    ['SELECT Gebdaat, Unieknr FROM Personen', 'Gebdaat', 'Gebdat"'],
    ['SELECT 1 FROM Persone', 'Persone', 'Personen"'],
  ])('is told without names that were not asked for: %s', async (query, named, other) => {
    const asked = order({ query, algorithm: { name: 'count', groupBy: [], total: false } });
    const error = await executeQuery(database, asked, context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'statement-invalid', message: expect.stringContaining(named) });
    expect(String(error)).not.toContain(other);
  });

  it.each(['SELECT ? FROM Personen', 'SELECT \0 FROM Personen'])('says what to do: %j', async (query) => {
    await expect(executeQuery(database, order({ query }), context)).rejects.toMatchObject({
      code: 'statement-invalid',
      message: expect.stringMatching(/parameters|NUL/),
    });
  });
});
