import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileParty, openHostileParty } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

describe('a statement that is no SELECT', () => {
  it.each([
    ['SET', "SET memory_limit = '10GB'"],
    ['RESET', 'RESET memory_limit'],
    ['PRAGMA', 'PRAGMA database_list'],
    ['PIVOT', 'PIVOT Personen ON Geslacht USING count(*)'],
    ['EXPLAIN', 'EXPLAIN ANALYZE SELECT * FROM Geheim'],
    ['COPY', "COPY Personen TO '/tmp/x.csv'"],
    ['EXPORT', "EXPORT DATABASE '/tmp/x'"],
    ['ATTACH', "ATTACH '/tmp/x.db' AS x"],
    ['USE', 'USE data'],
    ['INSTALL', 'INSTALL httpfs'],
    ['LOAD', 'LOAD httpfs'],
    ['CREATE', 'CREATE TEMP TABLE x AS SELECT Naam FROM Personen'],
    ['INSERT', 'INSERT INTO Personen VALUES (1)'],
    ['DELETE', 'DELETE FROM Personen'],
    ['UPDATE', "UPDATE Personen SET Naam = 'x'"],
    ['DROP', 'DROP TABLE Personen'],
    ['CALL', "CALL pragma_table_info('Geheim')"],
    ['BEGIN', 'BEGIN'],
    ['PREPARE', 'PREPARE q AS SELECT 1'],
    ['VACUUM', '/* a comment */ -- and another\n VACUUM'],
  ])('is refused as %s: %s', async (word, query) => {
    expect(await party.rows(query)).toMatchObject({ code: 'statement-refused', refused: [word] });
  });

  it('is refused where it hides in another', async () => {
    const pivot = await party.rows('SELECT * FROM (PIVOT Personen ON Geslacht USING count(*))');
    expect(pivot).toMatchObject({ code: 'statement-refused' });
    const insert = await party.rows('WITH x AS (INSERT INTO Landen VALUES (1) RETURNING *) SELECT * FROM x');
    expect(insert).toMatchObject({ code: 'statement-invalid' });
  });
});

describe('several statements, and none', () => {
  it.each(['SELECT 1; SELECT Naam FROM Personen', 'SELECT 1;;SELECT 2', 'SELECT 1; DROP TABLE Personen'])(
    'are refused: %s',
    async (query) => {
      expect(await party.rows(query)).toMatchObject({ code: 'statement-refused' });
    },
  );

  it.each(['', ';', '-- nothing', '/* nothing */;'])('are told: %j', async (query) => {
    expect(await party.rows(query)).toMatchObject({
      code: 'statement-invalid',
      message: 'The query is empty. Ask with one SELECT statement.',
    });
  });
});

describe('the parentheses around a query', () => {
  it.each([
    'SELECT 1) AS q UNION ALL SELECT Naam FROM Personen --',
    'SELECT Geslacht FROM Personen) AS q(c0), (SELECT Naam FROM Personen) AS r(c1) --',
    'SELECT 1 AS x), LATERAL (SELECT Naam FROM Personen',
    'SELECT Geslacht FROM Personen LIMIT 1 /* open',
    'SELECT c0 FROM q',
    'SELECT q.c0 FROM Personen',
    'SELECT k0 FROM "every.row"',
  ])('are not broken out of by %s', async (query) => {
    expect(await party.rows(query)).toMatchObject({ code: 'statement-invalid', refused: [] });
  });

  it.each([
    ['SELECT Geslacht FROM Personen WHERE Unieknr = 7 LIMIT 1 --', [{ Geslacht: 'M' }]],
    ['SELECT Geslacht FROM Personen WHERE Unieknr = 7 LIMIT 1; -- done', [{ Geslacht: 'M' }]],
    ["SELECT 'a''; DROP TABLE x; --' AS t", [{ t: "a'; DROP TABLE x; --" }]],
    ["SELECT $$'; SELECT Naam$$ AS t", [{ t: "'; SELECT Naam" }]],
    ["SELECT $x$ $$ $x$ || E'\\'' AS t", [{ t: " $$ '" }]],
    ['SELECT 1 AS "c0"") AS q"', [{ 'c0") AS q': 1 }]],
    ['(SELECT 1 AS x)', [{ x: 1 }]],
    ['SELECT 1 AS x, 2 AS X', [{ x: 1, X_2: 2 }]],
    ['WITH q AS (SELECT 1 AS c0) SELECT c0 FROM q', [{ c0: 1 }]],
  ])('hold %s', async (query, rows) => {
    expect(await party.rows(query)).toEqual({ rows });
  });

  it('hold the end of a query before the words of an aggregate', async () => {
    const query =
      'SELECT p.Unieknr, Geslacht, Salschal FROM Personen p JOIN Aanstellingen a USING (Unieknr, Peildat)';
    const figures = await party.figure(query);
    expect(await party.figure(`${query}; -- the end`)).toEqual(figures);
    expect(await party.figure(`${query}) AS q(c0, c1, c2) WHERE c0 = 7 --`)).toMatchObject({
      code: 'statement-invalid',
    });
  });
});
