import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlgorithmOrder } from '../../src/systems/exchange/runs/index.js';
import { type HostileParty, openHostileParty, target } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const from = 'FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';
const query = `SELECT p.Unieknr, Geslacht, Salschal ${from}`;
const born = `Gebdat = ${target.birth}`;
/** The one person's rows. */
const victim = `SELECT q.Unieknr, b.Salschal FROM Personen q JOIN Aanstellingen b ON q.Unieknr = b.Unieknr WHERE ${born}`;

describe('a figure of one person, asked for as one of many', () => {
  it.each([
    [
      'a cross join',
      `SELECT a.Unieknr, a.Geslacht, v.Salschal FROM Personen a CROSS JOIN (${victim}) v`,
      ['Personen'],
    ],
    [
      'a join on a date',
      `SELECT p.Unieknr, a.Unieknr, Geslacht, Salschal FROM Personen p JOIN Aanstellingen a ON p.Peildat = a.Peildat`,
      ['Aanstellingen.Unieknr'],
    ],
    [
      'a join on nothing',
      'SELECT p.Unieknr, Geslacht, Salschal FROM Personen p, Aanstellingen a',
      ['Aanstellingen.Unieknr'],
    ],
    [
      'a join on what is equal once rounded',
      'SELECT p.Unieknr, Geslacht, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr::FLOAT = a.Unieknr::FLOAT',
      ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
    ],
    [
      'a join by order',
      'SELECT p.Unieknr, Geslacht, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr > a.Unieknr',
      ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
    ],
    [
      'a LEFT JOIN on true',
      `SELECT p.Unieknr, Geslacht, v.Salschal FROM Personen p LEFT JOIN (${victim}) v ON true`,
      ['join'],
    ],
    [
      'weights by a second table and OR',
      `SELECT p.Unieknr, Geslacht, Salschal ${from}, Landen l WHERE p.${born} OR l.Nationaliteit = 'NL'`,
      ['CROSS JOIN'],
    ],
    [
      'weights by a table read again',
      `SELECT p.Unieknr, p.Geslacht, a.Salschal ${from} JOIN Aanstellingen b ON a.Unieknr = b.Unieknr WHERE p.${born} OR b.Peildat = 20200101`,
      ['Aanstellingen'],
    ],
    [
      'weights by a CTE read again',
      `WITH x AS (SELECT Unieknr, Salschal FROM Aanstellingen) SELECT x.Unieknr, Geslacht, x.Salschal FROM Personen p JOIN x USING (Unieknr) JOIN x y USING (Unieknr)`,
      ['Aanstellingen'],
    ],
    [
      'CASE in the measure',
      query.replace('Salschal', `CASE WHEN ${born} THEN Salschal END AS Salschal`),
      ['expression'],
    ],
    ['arithmetic in the measure', query.replace('Salschal', 'Salschal * 1000 AS Salschal'), ['expression']],
    [
      'a scalar sub-select',
      query.replace('Salschal', '(SELECT max(Salschal) FROM Aanstellingen) AS Salschal'),
      ['aggregates'],
    ],
    ['a filter on the measure', `${query} WHERE Salschal > 700`, ['Aanstellingen.Salschal']],
    ['a filter on the unit', `${query} WHERE p.Unieknr = ${target.unit}`, ['Personen.Unieknr']],
    [
      'a semi join',
      `${query} WHERE p.Unieknr IN (SELECT Unieknr FROM Personen WHERE ${born})`,
      ['sub-select'],
    ],
    [
      'an anti join',
      `${query} ANTI JOIN (SELECT Unieknr FROM Personen WHERE ${born}) v ON v.Unieknr = p.Unieknr`,
      ['sub-select'],
    ],
    ['rows of made-up persons', `${query} UNION ALL SELECT Unieknr + 1000, 'X', 1 FROM Personen`, ['UNION']],
    ['rows made of values', `${query} UNION ALL VALUES (100, 'X', 1)`, ['UNION']],
    ['LIMIT', `${query} LIMIT 5`, ['LIMIT']],
    ['OFFSET', `${query} OFFSET 119`, ['LIMIT']],
    ['a percentage', `${query} LIMIT 1%`, ['LIMIT']],
    ['DISTINCT', query.replace('SELECT', 'SELECT DISTINCT'), ['DISTINCT']],
    ['a window', query.replace('Salschal', 'max(Salschal) OVER () AS Salschal'), ['window functions']],
    ['QUALIFY', `${query} QUALIFY row_number() OVER (ORDER BY Salschal DESC) = 1`, ['window functions']],
    [
      'HAVING',
      `SELECT p.Unieknr, Geslacht, max(Salschal) AS Salschal ${from} GROUP BY ALL HAVING max(Salschal) > 700`,
      ['aggregates'],
    ],
    [
      'GROUPING SETS',
      `${query} GROUP BY GROUPING SETS ((p.Unieknr, Geslacht, Salschal), ())`,
      ['aggregates'],
    ],
    [
      'an aggregate of an aggregate',
      `SELECT Unieknr, Geslacht, sum(s) AS Salschal FROM (SELECT p.Unieknr, Geslacht, avg(Salschal) AS s ${from} GROUP BY ALL) GROUP BY ALL`,
      ['aggregates'],
    ],
    [
      'failing where somebody is',
      `${query} WHERE ${born} AND Nationaliteit = CAST(CAST('x' AS INTEGER) AS VARCHAR)`,
      ['filter'],
    ],
    ['failing on a cell', `${query} WHERE CAST(Nationaliteit AS INTEGER) = 3`, ['filter']],
    ['failing in the order', `${query} ORDER BY CAST(Geslacht AS INTEGER)`, ['expression']],
    [
      'no person at all',
      'SELECT Geslacht, Salschal FROM Personen p JOIN Aanstellingen a USING (Unieknr)',
      ['Aanstellingen.Unieknr'],
    ],
  ])('is refused for %s', async (_, attack, names) => {
    const outcome = await party.figure(attack);
    expect(outcome).toMatchObject({ code: 'statement-refused', refused: expect.arrayContaining(names) });
  });

  it.each<[string, string, Partial<AlgorithmOrder>, string]>([
    [
      'a unit for a group',
      query,
      { groupBy: ['Personen.Unieknr'] },
      'Column Personen.Unieknr is not declared as a group',
    ],
    [
      'a filter for a group',
      `SELECT p.Unieknr, Gebdat, Salschal ${from}`,
      { groupBy: ['Personen.Gebdat'] },
      'Column Personen.Gebdat is not declared as a group',
    ],
    [
      'a unit for a measure',
      query,
      { column: 'Personen.Unieknr' },
      'Column Personen.Unieknr is not declared as a measure',
    ],
    [
      'a constant for a measure',
      query.replace('Salschal', '777 AS Salschal'),
      {},
      'The query does not give column Aanstellingen.Salschal',
    ],
  ])('is refused for %s', async (_, attack, algorithm, message) => {
    expect(await party.figure(attack, algorithm)).toMatchObject({
      message: expect.stringContaining(message),
    });
  });
});

describe('a group of few persons', () => {
  const m = { Geslacht: 'M', average: 30.785714285714285, rows: 56 };
  const v = { Geslacht: 'V', average: 3.142857142857143, rows: 56 };

  it('is withheld, and so is the total beside it', async () => {
    expect(await party.figure(query)).toEqual({ rows: [m, v], withheld: 1 });
    expect(await party.figure(query, { total: true })).toEqual({ rows: [m, v], withheld: 1 });
    const all = await party.figure(query, { groupBy: [], total: true });
    expect(all).toEqual({ rows: [{ average: 15.9, rows: 120 }], withheld: 0 });
  });

  it('is withheld where a filter makes it', async () => {
    expect(await party.figure(`${query} WHERE ${born}`)).toEqual({ rows: [], withheld: 1 });
    expect(await party.figure(`${query} WHERE ${born}`, { groupBy: [] })).toEqual({ rows: [], withheld: 1 });
    expect(await party.figure(`${query} WHERE Gebdat = 0`, { groupBy: [] })).toEqual({
      rows: [],
      withheld: 1,
    });
  });

  it('is not made larger by rows of one person, or without a value', async () => {
    const few = `SELECT p.Unieknr, Geslacht, Toeslag ${from}`;
    for (const name of ['average', 'count', 'sum', 'variance']) {
      const figure = await party.figure(few, { name, column: 'Aanstellingen.Toeslag' });
      expect(figure).toEqual({ rows: [], withheld: 2 });
    }
    const left = `SELECT p.Unieknr, Geslacht, v.Salschal FROM Personen p LEFT JOIN Aanstellingen v ON p.Unieknr = v.Unieknr AND v.Peildat = 1`;
    expect(await party.figure(left)).toMatchObject({ rows: [] });
  });

  it('is withheld where it is a bar of a histogram', async () => {
    const histogram = { name: 'histogram', groupBy: [], bins: { width: 1, origin: 0 } };
    const bars = await party.figure(query, histogram);
    expect(bars).toMatchObject({ withheld: 1 });
    expect('rows' in bars && bars.rows.map((bar) => bar.from)).toEqual([1, 2, 3, 4, 5]);
    const thin = await party.figure(query, { ...histogram, bins: { width: 1e-300, origin: 0 } });
    expect('rows' in thin && thin.rows.map((bar) => bar.count)).toEqual([24, 24, 22, 24, 24]);
  });

  it('is named by its column, whatever the query calls it', async () => {
    const swapped = `SELECT Salschal AS Geslacht, Geslacht AS Salschal, a.Unieknr AS x, p.Gebdat AS Unieknr ${from}`;
    expect(await party.figure(swapped)).toEqual({ rows: [m, v], withheld: 1 });
  });
});
