import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueryOrder } from '../../src/systems/exchange/runs/index.js';
import { type HostileParty, openHostileParty, secret, target } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

describe('a statement that fails on a cell', () => {
  // the cells are in the message of DuckDB, so they are read by someone who may read them and failed upon
  const everything: Partial<QueryOrder> = { grant: { Personen: '*', Aanstellingen: '*' } };

  it.each([
    'SELECT CAST(Naam AS INTEGER) FROM Personen',
    'SELECT CAST(Naam AS DATE) FROM Personen',
    "SELECT strptime(Naam, '%Y') FROM Personen",
    'SELECT 9223372036854775807 + length(Naam) FROM Personen',
    'SELECT (SELECT Naam FROM Personen) AS x',
  ])('is told to have failed, without the cell: %s', async (query) => {
    const outcome = await party.rows(query, everything);
    expect(outcome).toMatchObject({ code: 'run-failed', message: expect.not.stringContaining(secret) });
  });

  it.each([
    ['SELECT error(Naam) FROM Personen', 'statement-refused'],
    ["SELECT error('More than one row returned by a subquery used as an expression')", 'statement-refused'],
    ['SELECT * FROM query((SELECT Naam FROM Personen LIMIT 1))', 'statement-invalid'],
    ['SELECT * FROM query_table((SELECT Naam FROM Personen LIMIT 1))', 'statement-invalid'],
  ])('cannot say what it likes: %s', async (query, code) => {
    const outcome = await party.rows(query, everything);
    expect(outcome).toMatchObject({ code, message: expect.not.stringContaining(`${secret}-`) });
  });
});

describe('a column that is anonymised', () => {
  const anonymized: Partial<QueryOrder> = {
    anonymize: {
      key: 'sleutel',
      rules: {
        'Personen.Unieknr': { method: 'pseudonymize' },
        'Aanstellingen.Unieknr': { method: 'pseudonymize' },
        'Personen.Gebdat': { method: 'truncateDate', to: 'year' },
      },
    },
  };
  const birthdays = 'SELECT Gebdat, Geslacht, Nationaliteit FROM Personen';

  it.each([
    [`SELECT Geslacht FROM Personen WHERE Gebdat = ${target.birth}`, 'Personen.Gebdat'],
    ['SELECT Geslacht FROM Personen ORDER BY Gebdat LIMIT 1', 'Personen.Gebdat'],
    ['SELECT Gebdat % 100 AS d FROM Personen', 'Personen.Gebdat'],
    ['SELECT max(Gebdat) AS m FROM Personen', 'Personen.Gebdat'],
    [`SELECT Geslacht FROM Personen WHERE Gebdat IN (VALUES (${target.birth}))`, 'Personen.Gebdat'],
    [
      `SELECT Geslacht FROM (${birthdays} INTERSECT SELECT ${target.birth}, Geslacht, Nationaliteit FROM Personen)`,
      'Personen.Gebdat',
    ],
    [
      `SELECT Geslacht FROM (${birthdays} EXCEPT SELECT ${target.birth}, Geslacht, Nationaliteit FROM Personen)`,
      'Personen.Gebdat',
    ],
    [
      `SELECT count(*) AS n, max(tag) AS tag FROM (SELECT Gebdat, 0 AS tag FROM Personen UNION ALL SELECT ${target.birth}, 1) GROUP BY Gebdat`,
      'Personen.Gebdat',
    ],
    [
      `SELECT l.Werelddeel FROM Landen l LEFT JOIN Personen p ON p.Gebdat = ${target.birth} AND l.Nationaliteit = p.Nationaliteit`,
      'Personen.Gebdat',
    ],
    [
      'SELECT a.Salschal, p.Unieknr FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Salschal',
      'Personen.Unieknr',
    ],
    ['SELECT a.Toeslag FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Toeslag', 'Personen.Unieknr'],
    ['SELECT Geslacht FROM Personen QUALIFY row_number() OVER (ORDER BY Gebdat) = 1', 'Personen.Gebdat'],
    [
      'SELECT (SELECT count(*) FROM Landen WHERE p.Gebdat > 19400107) AS n FROM Personen p',
      'Personen.Gebdat',
    ],
    [
      `SELECT p.Geslacht, l.Werelddeel, p.Gebdat AS c FROM Aanstellingen a LEFT JOIN LATERAL (SELECT Geslacht, Gebdat FROM Personen p WHERE p.Peildat = a.Peildat LIMIT 1) p ON true, Landen l`,
      'in the clear',
    ],
  ])('tells nothing more by %s', async (query, name) => {
    const outcome = await party.rows(query, anonymized);
    if (name === 'in the clear') {
      if (!('rows' in outcome)) throw new Error(outcome.message);
      expect(new Set(outcome.rows.map((row) => row.c))).toEqual(new Set(['1940']));
      return;
    }
    expect(outcome).toMatchObject({ code: 'statement-refused', refused: expect.arrayContaining([name]) });
  });

  it('is given as its rule says, and joins by its key', async () => {
    const query = `SELECT p.Unieknr, p.Gebdat, a.Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat
      WHERE p.Peildat = 20200101 ORDER BY Salschal DESC LIMIT 1`;
    const outcome = await party.rows(query, anonymized);
    expect(outcome).toEqual({
      rows: [{ Unieknr: expect.stringMatching(/^[0-9a-f]{32}$/), Gebdat: '1940', Salschal: target.scale }],
    });
    const others = [
      'SELECT p.Unieknr FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Unieknr AND a.Salschal = 777 LIMIT 1',
      'SELECT Unieknr FROM Personen WHERE Unieknr IN (SELECT Unieknr FROM Aanstellingen WHERE Salschal = 777) LIMIT 1',
      'SELECT Unieknr FROM Personen WHERE Peildat = 1 UNION ALL SELECT Unieknr FROM Personen p WHERE EXISTS (SELECT 1 FROM Aanstellingen a WHERE a.Unieknr = p.Unieknr AND Salschal = 777) LIMIT 1',
    ];
    for (const other of others) {
      const found = await party.rows(other, anonymized);
      expect(found).toEqual({ rows: [{ Unieknr: 'rows' in outcome ? outcome.rows[0]?.Unieknr : '' }] });
    }
  });
});
