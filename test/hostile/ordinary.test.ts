import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileParty, openHostileParty } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const query =
  'SELECT p.Unieknr, Geslacht, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';

/** What a researcher writes who may have figures: all of it has to pass. */
describe('a figure is given for', () => {
  const men = (rows: number) => expect.objectContaining({ Geslacht: 'M', rows });

  it.each([
    ['a date as a number', `${query} WHERE p.Peildat = 20200101`, 28],
    ['IN', `${query} WHERE p.Peildat IN (20200101, 20210101) AND Nationaliteit IN ('NL')`, 40],
    ['NOT IN', `${query} WHERE p.Nationaliteit NOT IN ('BE', 'SR')`, 40],
    ['BETWEEN', `${query} WHERE Gebdat BETWEEN 19400101 AND 19400130`, 28],
    [
      'comparisons and OR',
      `${query} WHERE Gebdat >= 19400101 AND (Gebdat < 19400131 OR Nationaliteit <> 'NL')`,
      36,
    ],
    ['LIKE', `${query} WHERE Nationaliteit LIKE 'N%' AND Nationaliteit NOT ILIKE 'b_'`, 40],
    ['a number with a point', `${query} WHERE Gebdat > 19400130.5`, 28],
    ['a cast to text', `${query} WHERE Gebdat::VARCHAR LIKE '194001%'`, 56],
    [
      'a part of a text',
      `${query} WHERE left(Gebdat::VARCHAR, 4) = '1940' AND upper(Nationaliteit) = 'NL'`,
      40,
    ],
    ['NULL and NOT', `${query} WHERE Nationaliteit IS NOT NULL AND NOT (Nationaliteit = 'BE')`, 40],
    [
      'tables joined in WHERE',
      'SELECT p.Unieknr, p.Geslacht, a.Salschal FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat',
      56,
    ],
    [
      'USING, with names in capitals',
      'select UNIEKNR, geslacht, SALSCHAL from personen inner join AANSTELLINGEN using (unieknr, peildat);',
      56,
    ],
    [
      'RIGHT JOIN',
      'SELECT a.Unieknr, Geslacht, Salschal FROM Personen RIGHT JOIN Aanstellingen a USING (Unieknr, Peildat)',
      56,
    ],
    [
      'LEFT JOIN with a filter on its right side',
      'SELECT p.Unieknr, Geslacht, Salschal FROM Personen p LEFT JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat AND a.Peildat = 20200101',
      28,
    ],
    [
      'a CTE',
      "WITH nl AS (SELECT Unieknr, Peildat, Geslacht FROM Personen WHERE Nationaliteit = 'NL') SELECT nl.Unieknr, nl.Geslacht, Salschal FROM nl JOIN Aanstellingen USING (Unieknr, Peildat)",
      40,
    ],
    [
      'a sub-select with other names',
      'SELECT x.id AS persoon, x.sekse, schaal FROM (SELECT Unieknr AS id, Peildat AS dag, Geslacht AS sekse FROM Personen) x JOIN (SELECT Unieknr AS id, Peildat AS dag, Salschal AS schaal FROM Aanstellingen) y ON x.id = y.id AND x.dag = y.dag',
      56,
    ],
    [
      'a table of codes',
      'SELECT p.Unieknr, Geslacht, Werelddeel, Salschal FROM Personen p JOIN Landen USING (Nationaliteit) JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat',
      56,
    ],
    ['an order and a comment', `${query} ORDER BY p.Geslacht, Salschal DESC -- by sex`, 56],
    [
      'more columns than are needed',
      'SELECT p.Unieknr, p.Peildat, Geslacht, Nationaliteit, HOOPgeb, Salschal, 1 AS een FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat',
      56,
    ],
  ])('%s', async (_, statement, rows) => {
    expect(await party.figure(statement)).toMatchObject({ rows: expect.arrayContaining([men(rows)]) });
  });

  it('several groups, a group of the other table, and each algorithm', async () => {
    const all = query.replace('Geslacht,', 'Geslacht, Nationaliteit, HOOPgeb,');
    const two = await party.figure(all, {
      groupBy: ['Personen.Geslacht', 'Personen.Nationaliteit'],
      total: true,
    });
    expect('rows' in two && two.rows.map((row) => [row.Geslacht, row.Nationaliteit, row.rows])).toEqual([
      ['M', 'NL', 40],
      ['V', 'NL', 40],
      [null, null, 120],
    ]);
    const other = await party.figure(all, {
      name: 'count',
      column: undefined,
      groupBy: ['Aanstellingen.HOOPgeb'],
      total: true,
    });
    expect(other).toMatchObject({
      rows: [
        { HOOPgeb: 'HO', count: 30 },
        { HOOPgeb: 'WO', count: 90 },
        { total: true, count: 120 },
      ],
    });
    expect(await party.figure(all, { name: 'sum', groupBy: [] })).toMatchObject({
      rows: [{ sum: 1908, rows: 120 }],
    });
    const spread = await party.figure(all, { name: 'variance' });
    expect(spread).toMatchObject({
      rows: [
        { Geslacht: 'M', rows: 56 },
        { Geslacht: 'V', mean: 3.142857142857143 },
      ],
    });
  });
});

/** What a researcher writes who may have rows. */
describe('rows are given for', () => {
  it.each([
    [
      'a date, a text and a number',
      "SELECT Geslacht || '/' || lower(Nationaliteit) AS g, Gebdat // 10000 AS jaar FROM Personen WHERE Unieknr = 7 LIMIT 1",
      { g: 'M/nl', jaar: 1940 },
    ],
    [
      'dates',
      "SELECT date_diff('year', strptime(Gebdat::VARCHAR, '%Y%m%d'), DATE '2020-01-01' + INTERVAL 1 MONTH) AS leeftijd FROM Personen LIMIT 1",
      { leeftijd: 80 },
    ],
    [
      'CASE, COALESCE and rounding',
      "SELECT CASE WHEN Salschal > 100 THEN 'hoog' ELSE 'laag' END AS s, coalesce(Toeslag, 0) AS t, round(Salschal / 3, 1) AS r FROM Aanstellingen WHERE Unieknr = 7 LIMIT 1",
      { s: 'hoog', t: 7, r: 259 },
    ],
    [
      'aggregates',
      'SELECT Geslacht, count(DISTINCT Unieknr) AS n, median(Gebdat) AS m, any_value(Peildat) > 0 AS d FROM Personen GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1',
      { Geslacht: 'M', n: 28, m: 19400130, d: true },
    ],
    [
      'windows',
      'SELECT Unieknr, row_number() OVER (PARTITION BY Geslacht ORDER BY Gebdat DESC) AS r, max(Salschal) OVER () AS s FROM Personen JOIN Aanstellingen USING (Unieknr, Peildat) QUALIFY r = 1 ORDER BY 1 LIMIT 1',
      { Unieknr: 58, r: 1, s: 777 },
    ],
    [
      'sub-selects',
      'SELECT p.Unieknr, (SELECT max(Salschal) FROM Aanstellingen a WHERE a.Unieknr = p.Unieknr) AS s FROM Personen p WHERE EXISTS (SELECT 1 FROM Landen l WHERE l.Nationaliteit = p.Nationaliteit) AND Peildat = (SELECT max(Peildat) FROM Personen) AND Unieknr IN (SELECT Unieknr FROM Aanstellingen WHERE Salschal > 5)',
      { Unieknr: 7, s: 777 },
    ],
    [
      'UNION, EXCEPT and DISTINCT',
      "SELECT DISTINCT g FROM (SELECT Geslacht AS g FROM Personen UNION SELECT HOOPgeb FROM Aanstellingen EXCEPT SELECT 'X') ORDER BY g LIMIT 1",
      { g: 'HO' },
    ],
    [
      'VALUES and LATERAL',
      "SELECT v.naam, x.n FROM (VALUES ('M', 'man')) v(code, naam), LATERAL (SELECT count(*) AS n FROM Personen p WHERE p.Geslacht = v.code) x",
      { naam: 'man', n: 56 },
    ],
    [
      'GROUPING SETS',
      'SELECT Geslacht, grouping(Geslacht) AS g, count(*) AS n FROM Personen GROUP BY ROLLUP (Geslacht) ORDER BY n DESC LIMIT 1',
      { Geslacht: null, g: 1, n: 120 },
    ],
    [
      'patterns',
      "SELECT regexp_extract(Gebdat::VARCHAR, '^[0-9]{4}') AS j, Geslacht GLOB 'M*' AS m, Geslacht SIMILAR TO 'M|V' AS s FROM Personen LIMIT 1",
      { j: '1940', m: true, s: true },
    ],
  ])('%s', async (_, statement, row) => {
    expect(await party.rows(statement)).toEqual({ rows: [row] });
  });
});
