import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binder, openBinder, testDeclared, testTables } from '../authorise/bound-plan.js';
import { authorisePlan } from '../authorise/index.js';
import type { AlgorithmOrder, QueryOrder } from './order.js';
import type { QueryColumn } from './queried-column.js';
import { aggregateOf, rowColumns, selectList } from './query-plan.js';

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder(testTables);
});
afterAll(() => binder.close());

const order: QueryOrder = {
  kind: 'query',
  database: '',
  query: '',
  grant: { Personen: '*', Aanstellingen: '*' },
  declared: testDeclared,
  form: 'rows',
  minimumGroupSize: 1,
  extremes: false,
  releases: 'answer',
  limits: { timeMs: 1, memoryMegabytes: 1, rows: 1, resultBytes: 1 },
};
const anonymize = {
  key: 'k',
  rules: { 'personen.unieknr': { method: 'pseudonymize' }, 'Personen.Gebdat': { method: 'drop' } },
} as const;

async function planned(query: string, types: readonly [name: string, type: string][]) {
  const plan = await binder.plan(query);
  const resolved = authorisePlan([plan], order.grant);
  const columns = types.map(([name, type], at): QueryColumn => {
    const origin = resolved.columns[at];
    if (origin === undefined) throw new Error('another number of columns');
    return { name, type, origin };
  });
  return { plan, resolved, columns };
}

describe('rowColumns', () => {
  it('gives every column a name of its own, and leaves out what is dropped', async () => {
    const { columns, resolved } = await planned('SELECT Unieknr, Geslacht, Geslacht, Gebdat FROM Personen', [
      ['Unieknr', 'BIGINT'],
      ['g', 'VARCHAR'],
      ['G', 'VARCHAR'],
      ['Gebdat', 'DATE'],
    ]);
    const plain = rowColumns(order, columns, resolved);
    expect(selectList(plain)).toBe('c0 AS "Unieknr", c1 AS "g", c2 AS "G_2", c3 AS "Gebdat"');
    const changed = rowColumns({ ...order, anonymize }, columns, resolved);
    expect(changed.map(({ name }) => name)).toEqual(['Unieknr', 'g', 'G_2']);
    expect(changed[0]?.sql).toContain('sha256');
  });

  it.each([
    [
      'SELECT Unieknr + 1 FROM Personen',
      /Personen\.Unieknr is anonymised \(pseudonymize\), so it may not be computed with/,
    ],
    [
      'SELECT Geslacht FROM Personen ORDER BY Gebdat',
      /Personen\.Gebdat is anonymised \(drop\), so it may not decide/,
    ],
    ['SELECT Gebdat FROM Personen', /Every column of the query is dropped/],
  ])('refuses %s', async (query, message) => {
    const { columns, resolved } = await planned(query, [['x', 'BIGINT']]);
    expect(() => rowColumns({ ...order, anonymize }, columns, resolved)).toThrow(message);
  });
});

describe('aggregateOf', () => {
  const query =
    'SELECT a.Unieknr, Geslacht, Salschal, HOOPgeb FROM Personen p JOIN Aanstellingen a USING (Unieknr)';
  const types = [
    ['Unieknr', 'BIGINT'],
    ['x', 'VARCHAR'],
    ['y', 'INTEGER'],
    ['HOOPgeb', 'VARCHAR'],
  ] as const satisfies readonly [string, string][];
  const average: AlgorithmOrder = {
    name: 'average',
    column: 'aanstellingen.SALSCHAL',
    groupBy: ['Personen.Geslacht'],
    total: true,
  };
  const released: QueryOrder = { ...order, form: 'aggregates', minimumGroupSize: 10 };

  const made = async (changes: Partial<AlgorithmOrder>, changed: QueryOrder = released) => {
    const { plan, columns } = await planned(query, [...types]);
    return aggregateOf(changed, { ...average, ...changes }, plan, columns);
  };

  it('finds columns by what they are, and the unit that persons are counted by', async () => {
    const aggregate = await made({});
    expect(aggregate.measures).toEqual([{ name: 'SALSCHAL', sql: 'c2', type: 'INTEGER' }]);
    expect(aggregate.groups).toEqual([{ name: 'Geslacht', sql: 'c1' }]);
    expect(aggregate.units).toEqual(['c0']);
    expect((await made({}, { ...released, minimumGroupSize: 1 })).units).toEqual([]);
  });

  it.each<[Partial<AlgorithmOrder>, RegExp]>([
    [{ column: 'Aanstellingen.Bsn' }, /Aanstellingen\.Bsn is not declared as a measure/],
    [{ groupBy: ['Aanstellingen.Unieknr'] }, /Aanstellingen\.Unieknr is not declared as a group/],
    [
      { column: 'Aanstellingen.Uren' },
      /does not give column Aanstellingen\.Uren\. Add it to the SELECT list/,
    ],
    [{ name: 'histogram', column: 'Personen.Peildat' }, /does not give column Personen\.Peildat/],
  ])('refuses %j', async (changes, message) => {
    await expect(made(changes)).rejects.toThrow(message);
  });

  it('may count by a group, but not add it up', async () => {
    expect((await made({ name: 'count', column: 'Aanstellingen.HOOPgeb' })).measures[0]?.sql).toBe('c3');
    await expect(made({ name: 'sum', column: 'Aanstellingen.HOOPgeb' })).rejects.toThrow(
      /not declared as a measure/,
    );
    await expect(made({ name: 'sum', column: 'Aanstellingen.HOOPgeb' }, order)).rejects.toThrow(
      /sum needs a column of numbers, and HOOPgeb has the type VARCHAR/,
    );
  });
});
