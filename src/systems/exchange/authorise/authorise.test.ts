import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { authorisePlan, type Grant } from './authorise.js';
import { type Binder, openBinder, testTables } from './bound-plan.js';
import type { Refusal } from './refusals.js';

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder([...testTables, 'CREATE TABLE tekens("ǩ" VARCHAR, "Ǩ" VARCHAR, "K" VARCHAR)']);
});
afterAll(() => binder.close());

const grant: Grant = {
  Personen: ['Unieknr', 'Geslacht', 'Peildat'],
  aanstellingen: ['UNIEKNR', 'Salschal'],
  tekens: ['ǩ', 'k'],
};

/** What is refused, as `kind name`; empty where the statement is authorised. */
async function refused(statement: string): Promise<string[]> {
  const plan = await binder.plan(statement);
  try {
    authorisePlan([plan], grant);
    return [];
  } catch (error) {
    if (!(error instanceof StarlingError) || error.code !== 'statement-refused') throw error;
    const list = (error.details?.refused ?? []) as readonly Refusal[];
    for (const { message } of list) expect(error.message).toContain(message);
    return list.map(({ kind, name }) => `${kind} ${name}`);
  }
}

describe('authorisePlan', () => {
  it.each([
    'SELECT Unieknr, Geslacht FROM Personen',
    'select UNIEKNR, "geslacht" from PERSONEN',
    'SELECT count(*) FROM Personen',
    'SELECT p.Geslacht, avg(a.Salschal) FROM Personen p JOIN Aanstellingen a USING (Unieknr) GROUP BY 1 ORDER BY 2',
    'SELECT (SELECT max(Salschal) FROM Aanstellingen a WHERE a.Unieknr = p.Unieknr) FROM Personen p',
    'SELECT Geslacht FROM Personen WHERE Peildat = (SELECT max(Peildat) FROM Personen)',
    "SELECT DATE '2020-01-01' + INTERVAL 1 MONTH, Geslacht SIMILAR TO 'V|M', Geslacht GLOB 'V*' FROM Personen",
    'SELECT "ǩ", K FROM tekens',
  ])('authorises %s', async (statement) => {
    expect(await refused(statement)).toEqual([]);
  });

  it.each([
    ['SELECT Gebdat FROM Personen', ['column Personen.Gebdat']],
    ['SELECT * FROM Personen', ['column Personen.Gebdat', 'column Personen.Nationaliteit']],
    ['SELECT Geslacht FROM Personen ORDER BY Gebdat', ['column Personen.Gebdat']],
    ['SELECT count(*) FILTER (WHERE Gebdat IS NULL) FROM Personen', ['column Personen.Gebdat']],
    ['SELECT p.Geslacht FROM Personen p JOIN Geheim g USING (Unieknr)', ['table Geheim']],
    ['SELECT 1 FROM Geheim', ['table Geheim']],
    ['SELECT Ziekte FROM Openbaar', ['table Geheim']],
    ['SELECT "Ǩ" FROM tekens', ['column tekens.Ǩ']],
    ['SELECT rowid FROM Personen', ['column Personen.rowid']],
    ['SELECT Geslacht FROM Personen WHERE rowid = 3', ['column Personen.rowid']],
    ['SELECT * FROM range(3)', ['function range']],
    ['SELECT table_name FROM information_schema.tables', ['function duckdb_tables']],
    ['SELECT unnest([1, 2])', ['operator UNNEST']],
    ["SELECT current_setting('threads'), version()", ['function current_setting', 'function version']],
    ['SELECT Geslacht FROM Personen TABLESAMPLE 1 ROWS', ['operator SAMPLE']],
    ['DESCRIBE Personen', ['operator CHUNK_GET']],
    ["SELECT error('More than one row returned by a subquery used as an expression')", ['function error']],
    ['SELECT list(Geslacht) FROM Personen', ['function list']],
    ['SELECT fill(Salschal) OVER (ORDER BY Salschal) FROM Aanstellingen', ['function WINDOW_FILL']],
    ['SELECT list_transform([1], lambda x: x + 1)', ['function list_transform']],
    [
      "SELECT Gebdat, getvariable('x'), random() FROM Personen, Geheim",
      ['function random', 'column Personen.Gebdat', 'table Geheim'],
    ],
  ])('refuses %s and names all of it', async (statement, names) => {
    const found = await refused(statement);
    expect(found).toEqual(expect.arrayContaining(names));
  });

  it.each(['LEFT JOIN', 'JOIN'])('looks into the condition of a %s that is no equality', async (join) => {
    const statement = `SELECT p.Geslacht FROM Personen p ${join} Aanstellingen a ON random() < 0.5 OR p.Unieknr = a.Unieknr`;
    expect(await refused(statement)).toEqual(['function random']);
    const left = `SELECT p.Geslacht FROM Personen p LEFT JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Geslacht = version()`;
    expect(await refused(left)).toEqual(['function version']);
  });

  it('asks for one statement', async () => {
    const plan = await binder.plan('SELECT 1');
    for (const plans of [[], [plan, plan]]) {
      expect(() => authorisePlan(plans, grant)).toThrow(
        expect.objectContaining({ code: 'statement-refused' }),
      );
    }
  });

  it('refuses tables of another schema or of a catalog of DuckDB', async () => {
    const other = await openBinder([
      ...testTables,
      'CREATE SCHEMA anders',
      'CREATE TABLE anders.Personen AS FROM Personen',
      'CREATE TEMP TABLE Aanstellingen(Salschal INTEGER)',
    ]);
    for (const name of ['anders.Personen', 'temp.main.Aanstellingen']) {
      const plan = await other.plan(`SELECT count(*) FROM ${name}`);
      expect(() => authorisePlan([plan], grant)).toThrow(
        expect.objectContaining({ code: 'statement-refused' }),
      );
    }
    other.close();
  });

  it('refuses a plan whose columns do not add up', async () => {
    const plan = await binder.plan('WITH x AS (SELECT Geslacht FROM Personen) SELECT * FROM x');
    const [definition, body] = plan.children;
    const scan = body?.children[0];
    if (definition === undefined || body === undefined || scan === undefined) throw new Error('another plan');
    const reference = { ...scan, fields: { ...scan.fields, chunk_types: [] } };
    const broken = { ...plan, children: [definition, { ...body, children: [reference] }] };
    expect(() => authorisePlan([broken], grant)).toThrow(/The bound plan cannot be read/);
  });
});
