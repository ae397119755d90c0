import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorisePlan } from './authorise.js';
import { type Binder, openBinder, testTables } from './bound-plan.js';
import { columnName, type Source } from './origin.js';

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder(testTables);
});
afterAll(() => binder.close());

const everything = { Personen: '*', Aanstellingen: '*', Landen: '*' } as const;

async function decisive(statement: string, alike?: (left: Source, right: Source) => boolean) {
  const resolved = authorisePlan([await binder.plan(statement)], everything, alike);
  return [...new Set(resolved.decisive.map(columnName))].sort();
}

const gebdat = 'Personen.Gebdat';
const birthdays = 'SELECT Gebdat, Unieknr FROM Personen';

describe('the columns that decide which rows there are', () => {
  it.each([
    ['SELECT Gebdat, upper(Geslacht) FROM Personen', []],
    ["SELECT Geslacht FROM Personen WHERE Gebdat = DATE '1980-03-15'", [gebdat]],
    ['SELECT Geslacht FROM Personen ORDER BY Gebdat', [gebdat]],
    ['SELECT DISTINCT ON (Gebdat) Geslacht FROM Personen', [gebdat]],
    ['SELECT Geslacht FROM Personen LIMIT (SELECT max(day(Gebdat)) FROM Personen)', [gebdat]],
    ['SELECT Geslacht FROM Personen GROUP BY Geslacht HAVING min(Gebdat) IS NULL', [gebdat]],
    ['SELECT Geslacht FROM Personen QUALIFY row_number() OVER (ORDER BY Gebdat) = 1', [gebdat]],
    ["SELECT Geslacht FROM Personen WHERE Gebdat IN (VALUES (DATE '1980-03-15'))", [gebdat]],
    ["SELECT p.Geslacht FROM Personen p JOIN (SELECT DATE '1980-03-15' AS d) ON Gebdat = d", [gebdat]],
    ["SELECT a.Bsn FROM Aanstellingen a LEFT JOIN Personen p ON Gebdat > DATE '1980-01-01'", [gebdat]],
    [
      "SELECT a.Bsn FROM Personen p LEFT JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND Gebdat > DATE '1980-01-01'",
      [gebdat, 'Aanstellingen.Unieknr', 'Personen.Unieknr'],
    ],
    // rows that are compared with rows of the requester's making
    [
      `SELECT Unieknr FROM (${birthdays} INTERSECT SELECT DATE '1980-03-15', Unieknr FROM Personen)`,
      [gebdat, 'Personen.Unieknr'],
    ],
    [
      `SELECT Unieknr FROM (${birthdays} EXCEPT SELECT DATE '1980-03-15', Unieknr FROM Personen)`,
      [gebdat, 'Personen.Unieknr'],
    ],
    [
      `SELECT max(tag) FROM (SELECT Gebdat, 0 AS tag FROM Personen UNION ALL SELECT DATE '1980-03-15', 1) GROUP BY Gebdat`,
      [gebdat],
    ],
    [
      `SELECT max(Salschal) FROM Personen JOIN Aanstellingen USING (Unieknr) GROUP BY month(Gebdat)`,
      [gebdat],
    ],
    ['SELECT count(*) FROM Personen GROUP BY Gebdat', []],
    [`SELECT p.Geslacht FROM Personen p WHERE Gebdat IN (SELECT Gebdat FROM Personen)`, []],
    // an equality with a column that is given as it is
    [
      'SELECT a.Peildat FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Peildat',
      ['Aanstellingen.Peildat', 'Personen.Unieknr'],
    ],
    [
      'SELECT a.Peildat FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Peildat',
      ['Aanstellingen.Peildat', 'Personen.Unieknr'],
    ],
    [
      'SELECT p.Unieknr IN (SELECT Peildat FROM Aanstellingen) FROM Personen p',
      ['Aanstellingen.Peildat', 'Personen.Unieknr'],
    ],
    // keys
    ['SELECT p.Geslacht FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr', []],
    ['SELECT p.Geslacht FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Unieknr', []],
    ['SELECT Geslacht FROM Personen LEFT JOIN Aanstellingen USING (Unieknr, Peildat)', []],
    ['SELECT Geslacht FROM Personen WHERE Unieknr IN (SELECT Unieknr FROM Aanstellingen)', []],
    [
      'SELECT Geslacht FROM Personen p WHERE EXISTS (SELECT 1 FROM Aanstellingen a WHERE a.Unieknr = p.Unieknr)',
      [],
    ],
    ['SELECT (SELECT max(Salschal) FROM Aanstellingen a WHERE a.Unieknr = p.Unieknr) FROM Personen p', []],
    [
      'SELECT p.Geslacht FROM Personen p JOIN Aanstellingen a ON p.Unieknr < a.Unieknr',
      ['Aanstellingen.Unieknr', 'Personen.Unieknr'],
    ],
  ])('of %s', async (statement, columns) => {
    expect(await decisive(statement)).toEqual([...columns].sort());
  });

  it('are what the caller says of two columns that are equal', async () => {
    const statement = 'SELECT p.Geslacht FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Peildat';
    expect(await decisive(statement, () => true)).toEqual([]);
    const widened = statement.replace('p.Unieknr =', 'p.Unieknr::FLOAT =');
    expect(await decisive(widened, () => true)).toEqual(['Aanstellingen.Peildat', 'Personen.Unieknr']);
    const same = 'SELECT p.Geslacht FROM Personen p JOIN Aanstellingen a USING (Unieknr)';
    expect(await decisive(same, () => false)).toEqual(['Aanstellingen.Unieknr', 'Personen.Unieknr']);
  });
});

describe('a column of a set operation', () => {
  it('is plain where all of it is one base column, and computed otherwise', async () => {
    const statement =
      'SELECT Unieknr, Geslacht FROM Personen WHERE Peildat = 1 UNION ALL SELECT Unieknr, Nationaliteit FROM Personen';
    const { columns } = authorisePlan([await binder.plan(statement)], everything);
    expect(columns.map(({ plain }) => plain && columnName(plain))).toEqual(['Personen.Unieknr', undefined]);
    expect(columns[1]?.sources.map(columnName)).toEqual(['Personen.Geslacht', 'Personen.Nationaliteit']);
  });
});
