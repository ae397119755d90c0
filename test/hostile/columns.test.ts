import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileParty, openHostileParty, secret } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

/** The names that a refusal gives. */
async function refused(query: string): Promise<readonly string[]> {
  const outcome = await party.rows(query);
  if ('rows' in outcome) throw new Error(`answered: ${JSON.stringify(outcome.rows)}`);
  expect([outcome.code, outcome.message.includes(secret)]).toEqual(['statement-refused', false]);
  return outcome.refused;
}

describe('a column that is not granted', () => {
  it.each([
    'SELECT Naam FROM Personen',
    'SELECT * FROM Personen',
    'SELECT p.* FROM Personen p',
    "SELECT COLUMNS('N.*') FROM Personen",
    'SELECT * EXCLUDE (Unieknr) FROM Personen',
    'FROM Personen',
    'SELECT NAAM FROM PERSONEN',
    'SELECT "naam" AS geslacht FROM "PERSONEN"',
    'SELECT Geslacht FROM Personen p(Naam, Geslacht)',
    'SELECT b FROM Personen p(a, b)',
    'SELECT Geslacht FROM (SELECT Naam AS Geslacht FROM Personen)',
    'WITH x AS (SELECT Naam AS Geslacht FROM Personen) SELECT Geslacht FROM x',
    'SELECT Geslacht FROM verborgen()',
    "SELECT Geslacht FROM query('SELECT Naam AS Geslacht FROM Personen')",
    "SELECT * FROM query_table(['Personen', 'Personen'])",
    'SELECT Unieknr FROM Personen JOIN (SELECT Unieknr, Naam FROM Personen) USING (Unieknr, Naam)',
    'SELECT l.n FROM Personen p, LATERAL (SELECT p.Naam AS n) l',
    'SELECT (SELECT Naam FROM Personen q WHERE q.Unieknr = p.Unieknr LIMIT 1) FROM Personen p',
    'SELECT Geslacht FROM Personen WHERE Naam IS NULL',
    'SELECT first_value(Naam) OVER () FROM Personen',
    'SELECT Geslacht, max(Naam) FROM Personen GROUP BY ALL',
    'SELECT Naam, Geslacht FROM Personen ORDER BY ALL',
    'SELECT Geslacht FROM Personen ORDER BY Naam',
    'SELECT Geslacht FROM Personen GROUP BY Geslacht, Naam',
    'SELECT Geslacht FROM Personen QUALIFY row_number() OVER (ORDER BY Naam) = 1',
    'SELECT DISTINCT ON (Naam) Geslacht FROM Personen',
    'SELECT count(DISTINCT Naam) FROM Personen',
    'SELECT count(*) FILTER (WHERE Naam IS NOT NULL) FROM Personen',
    'SELECT Geslacht FROM Personen UNION ALL SELECT Naam FROM Personen',
    'SELECT Geslacht FROM Personen EXCEPT SELECT Naam FROM Personen',
    'SELECT p.Geslacht FROM Personen p LEFT JOIN Personen q ON p.Unieknr = q.Unieknr AND p.Naam = q.Naam',
    'SELECT Geslacht FROM Personen LIMIT (SELECT length(max(Naam)) FROM Personen)',
  ])('is refused by its name in %s', async (query) => {
    expect(await refused(query)).toEqual(['Personen.Naam']);
  });

  it.each([
    ['SELECT p FROM Personen p', ['struct_pack', 'Personen.Naam']],
    ['SELECT to_json(p) FROM Personen p', ['to_json', 'struct_pack', 'Personen.Naam']],
    ["SELECT {'a': Naam}, [Naam] FROM Personen", ['struct_pack', 'list_value', 'Personen.Naam']],
    ['SELECT rowid FROM Personen', ['Personen.rowid']],
    ['SELECT Geslacht FROM Personen WHERE rowid = 3', ['Personen.rowid']],
    ['SELECT b.Naam FROM Personen a POSITIONAL JOIN Personen b', ['POSITIONAL_JOIN']],
    ['SELECT a.Naam FROM Personen a ASOF JOIN Personen b ON a.Unieknr >= b.Unieknr', ['ASOF_JOIN']],
    ['SELECT * FROM Personen UNPIVOT (v FOR n IN (Naam, Geslacht))', ['UNNEST']],
    ['SELECT Naam FROM Personen USING SAMPLE 1', ['SAMPLE']],
    [
      'WITH RECURSIVE x AS (SELECT Naam FROM Personen UNION SELECT Naam FROM x) SELECT * FROM x',
      ['RECURSIVE_CTE'],
    ],
  ])('is not to be had by %s', async (query, names) => {
    expect((await refused(query)).slice(0, names.length)).toEqual(names);
  });

  it('has no other spelling', async () => {
    expect(await party.rows('SELECT U&"\\004Eaam" FROM Personen')).toMatchObject({
      code: 'statement-invalid',
    });
    expect(await party.rows('SELECT Personen.Geslacht.Naam FROM Personen')).toMatchObject({
      code: 'statement-invalid',
    });
    expect(await party.rows('SELECT row(p.*) FROM Personen p')).toMatchObject({ code: 'statement-invalid' });
  });

  it('may be left out or covered up', async () => {
    const covered = await party.rows(
      "SELECT * REPLACE ('x' AS Naam) FROM Personen WHERE Unieknr = 7 ORDER BY Peildat",
    );
    const row = {
      Unieknr: 7,
      Naam: 'x',
      Geslacht: 'M',
      Gebdat: 19400107,
      Nationaliteit: 'NL',
      Peildat: 20200101,
    };
    expect(covered).toMatchObject({ rows: [row, { ...row, Peildat: 20210101 }] });
    const { Naam: _, ...rest } = row;
    expect(
      await party.rows('SELECT * EXCLUDE (Naam) FROM Personen WHERE Unieknr = 7 ORDER BY Peildat LIMIT 1'),
    ).toEqual({ rows: [rest] });
  });
});

describe('a table that is not granted', () => {
  it.each([
    'SELECT 1 FROM Geheim',
    'TABLE Geheim',
    'SELECT * FROM data.main.Geheim',
    'SELECT Geslacht FROM Openbaar',
    'SELECT count(*) FROM Geheim',
    'SELECT 1 WHERE EXISTS (FROM Geheim)',
    'SELECT Unieknr FROM Personen NATURAL JOIN Geheim',
    'SELECT Geslacht FROM Personen WHERE Unieknr IN (SELECT Unieknr FROM Geheim)',
    'SELECT Geslacht FROM Personen p WHERE EXISTS (SELECT 1 FROM Geheim g WHERE g.Unieknr = p.Unieknr)',
    'SELECT Geslacht FROM Personen p ANTI JOIN Geheim g USING (Unieknr)',
    'SELECT Unieknr FROM Personen UNION SELECT Unieknr FROM Geheim',
    "SELECT * FROM query_table('Geheim')",
    'SELECT Geslacht, (SELECT count(*) FROM Geheim) FROM Personen',
  ])('is refused by its name in %s', async (query) => {
    expect(await refused(query)).toEqual(['Geheim']);
  });
});
