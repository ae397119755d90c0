import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { type Binder, openBinder, testDeclared, testTables } from './bound-plan.js';
import { columnName } from './origin.js';
import type { Refusal } from './refusals.js';
import { checkRelease } from './release.js';

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder(testTables);
});
afterAll(() => binder.close());

/** Names of what is refused; empty where the query may be released. */
async function refused(query: string, minimum = 10): Promise<string[]> {
  const plan = await binder.plan(query);
  try {
    checkRelease(plan, testDeclared, minimum);
    return [];
  } catch (error) {
    if (!(error instanceof StarlingError) || error.code !== 'statement-refused') throw error;
    const list = (error.details?.refused ?? []) as readonly Refusal[];
    expect(list.every(({ kind }) => kind === 'release')).toBe(true);
    return list.map(({ name }) => name);
  }
}

const joined =
  'SELECT p.Unieknr, p.Geslacht, a.Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr';

describe('what a released query is made of', () => {
  it('tells which base column each output column is, and where persons are counted', async () => {
    const plan = await binder.plan(
      'SELECT 1 AS one, a.Salschal AS Geslacht, p.Geslacht AS x, a.Unieknr, p.Unieknr FROM Personen p JOIN Aanstellingen a USING (Unieknr)',
    );
    const { columns, unitPositions } = checkRelease(plan, testDeclared, 10);
    expect(columns.map((source) => source && columnName(source))).toEqual([
      undefined,
      'Aanstellingen.Salschal',
      'Personen.Geslacht',
      'Aanstellingen.Unieknr',
      'Personen.Unieknr',
    ]);
    expect(unitPositions).toEqual([3]);
  });

  it.each([
    joined,
    `${joined} AND p.Peildat = a.Peildat ORDER BY p.Geslacht`,
    'SELECT a.Unieknr, p.Geslacht, Salschal FROM Personen p RIGHT JOIN Aanstellingen a USING (Unieknr, Peildat)',
    'SELECT p.Unieknr, p.Geslacht, a.Salschal FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Unieknr',
    'WITH p AS (SELECT * FROM Personen WHERE Peildat = 20200101) SELECT p.Unieknr, Salschal FROM p JOIN Aanstellingen USING (Unieknr)',
    'SELECT Unieknr, Werelddeel, Salschal FROM Personen JOIN Landen USING (Nationaliteit) JOIN Aanstellingen USING (Unieknr)',
    'SELECT p.Unieknr, Salschal FROM Personen p LEFT JOIN (SELECT Unieknr AS u, Salschal FROM Aanstellingen) a ON p.Unieknr = a.u',
  ])('may be %s', async (query) => {
    expect(await refused(query)).toEqual([]);
  });

  it.each([
    ['SELECT Unieknr, Salschal + 0 AS Salschal FROM Aanstellingen', ['expression']],
    ['SELECT Unieknr, CASE WHEN Salschal > 3 THEN 1 END FROM Aanstellingen', ['expression']],
    ['SELECT DISTINCT Unieknr, Salschal FROM Aanstellingen', ['DISTINCT']],
    ['SELECT Unieknr, max(Salschal) FROM Aanstellingen GROUP BY Unieknr', ['aggregates']],
    ['SELECT Unieknr, Salschal FROM Aanstellingen UNION ALL SELECT 1, 2', ['UNION']],
    ['SELECT Unieknr, Salschal FROM Aanstellingen LIMIT 5', ['LIMIT']],
    ['SELECT Unieknr, sum(Salschal) OVER () FROM Aanstellingen', ['window functions']],
    [
      'SELECT Unieknr FROM Aanstellingen WHERE Peildat = (SELECT max(Peildat) FROM Personen)',
      ['aggregates', 'expression'],
    ],
    ['SELECT Unieknr FROM Aanstellingen WHERE Unieknr IN (SELECT Unieknr FROM Personen)', ['sub-select']],
    [
      'SELECT Unieknr FROM Aanstellingen a WHERE EXISTS (FROM Personen p WHERE p.Unieknr = a.Unieknr)',
      ['sub-select'],
    ],
    ['SELECT Unieknr FROM Aanstellingen a SEMI JOIN Personen p USING (Unieknr)', ['sub-select']],
    ['SELECT a.Unieknr FROM Aanstellingen a, LATERAL (SELECT a.Salschal AS s) l', ['sub-select']],
    ['SELECT a.Unieknr FROM Aanstellingen a FULL JOIN Personen p ON p.Unieknr = a.Unieknr', ['FULL JOIN']],
    [`${joined} AND p.Geslacht < a.HOOPgeb OR p.Peildat = 3`, ['join']],
    ['SELECT Unieknr, Salschal FROM Aanstellingen ORDER BY lower(HOOPgeb)', ['expression']],
    ['SELECT * FROM (VALUES (1, 2)) v(Unieknr, Salschal)', ['VALUES']],
  ])('may not be %s', async (query, names) => {
    const found = await refused(query);
    expect(found).toEqual(expect.arrayContaining(names));
  });
});

describe('persons', () => {
  it('are counted where a minimum holds, and need not be where none does', async () => {
    const query = 'SELECT Salschal FROM Aanstellingen';
    expect(await refused(query)).toEqual(['Aanstellingen.Unieknr']);
    expect(await refused(query, 1)).toEqual([]);
    expect(await refused('SELECT Werelddeel FROM Landen')).toEqual(['unit']);
    expect(await refused(`${joined} LIMIT 3`, 1)).toEqual([]);
  });

  it.each([
    [
      'two persons side by side',
      'SELECT p.Unieknr, a.Unieknr, a.Salschal FROM Personen p, Aanstellingen a',
      ['Aanstellingen.Unieknr'],
    ],
    [
      'two persons that share a date',
      'SELECT p.Unieknr, a.Unieknr FROM Personen p JOIN Aanstellingen a ON p.Peildat = a.Peildat',
      ['Aanstellingen.Unieknr'],
    ],
    [
      'units that are equal only once rounded',
      'SELECT p.Unieknr, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr::FLOAT = a.Unieknr::FLOAT',
      ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
    ],
    [
      'units that are equal in a sub-condition',
      'SELECT p.Unieknr, Salschal FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Unieknr OR p.Peildat = 3',
      ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
    ],
    [
      'units that are not unequal',
      'SELECT p.Unieknr, Salschal FROM Personen p, Aanstellingen a WHERE NOT (p.Unieknr = a.Unieknr)',
      ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
    ],
    [
      'a table joined to itself',
      'SELECT a.Unieknr, a.Salschal FROM Aanstellingen a JOIN Aanstellingen b ON a.Unieknr = b.Unieknr',
      ['Aanstellingen'],
    ],
    [
      'a CTE joined to itself',
      'WITH x AS (SELECT * FROM Aanstellingen) SELECT a.Unieknr, a.Salschal FROM x a JOIN x b USING (Unieknr)',
      ['Aanstellingen'],
    ],
    ['a table that is not joined', 'SELECT Unieknr, Salschal FROM Aanstellingen, Landen', ['CROSS JOIN']],
    ['a join on true', 'SELECT Unieknr, Salschal FROM Aanstellingen JOIN Landen ON true', ['join']],
    [
      'a unit that only has its name',
      'SELECT Salschal AS Unieknr FROM Aanstellingen',
      ['Aanstellingen.Unieknr'],
    ],
    ['a constant unit', 'SELECT 1 AS Unieknr, Salschal FROM Aanstellingen', ['Aanstellingen.Unieknr']],
  ])('may not be %s', async (_, query, names) => {
    expect(await refused(query)).toEqual(expect.arrayContaining(names));
  });

  it('are not made one by the equalities of a LEFT JOIN, which may have no row', async () => {
    // where g has no row for both, p and a are two persons
    const query = `SELECT p.Unieknr, a.Salschal FROM Personen p JOIN Aanstellingen a ON p.Peildat = a.Peildat
      LEFT JOIN Geheim g ON p.Unieknr = g.Unieknr AND a.Unieknr = g.Unieknr`;
    expect(await refused(query)).toContain('Aanstellingen.Unieknr');
    const inner = query.replace('LEFT JOIN', 'JOIN');
    expect(await refused(inner)).toEqual([]);
    const right = `SELECT p.Unieknr, Salschal FROM Personen p LEFT JOIN (Aanstellingen a JOIN Geheim g USING (Unieknr))
      ON p.Unieknr = a.Unieknr`;
    expect(await refused(right)).toEqual([]);
  });
});

describe('a filter', () => {
  const where = (condition: string) => `${joined} WHERE ${condition}`;

  it('names what is declared as a filter or group only', async () => {
    expect(await refused(where("p.Gebdat = DATE '1980-03-15' AND HOOPgeb = 'x'"))).toEqual([]);
    expect(await refused(where('p.Unieknr = 4711'))).toEqual(['Personen.Unieknr']);
    expect(await refused(where("Bsn LIKE '1%' AND Salschal > 3"))).toEqual(
      expect.arrayContaining(['Aanstellingen.Bsn', 'Aanstellingen.Salschal']),
    );
    expect(await refused(`${joined} AND p.Peildat = a.Salschal`)).toEqual(['Aanstellingen.Salschal']);
    expect(
      await refused(
        'SELECT Unieknr FROM (SELECT Unieknr, Bsn AS HOOPgeb FROM Aanstellingen) WHERE HOOPgeb = 1',
      ),
    ).not.toEqual([]);
  });

  it('is held against its columns in a LEFT JOIN and in a CTE as well', async () => {
    const left =
      'SELECT p.Unieknr FROM Personen p LEFT JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND a.Salschal = 3';
    expect(await refused(left)).toEqual(['Aanstellingen.Salschal']);
    const common = 'WITH x AS (SELECT Unieknr FROM Aanstellingen WHERE Salschal = 3) SELECT Unieknr FROM x';
    expect(await refused(common)).toEqual(['Aanstellingen.Salschal']);
  });
});
