import { afterAll, describe, expect, it } from 'vitest';
import { authorisePlan, parsePlan } from '../authorise/index.js';
import { openMadeDatabase } from '../made-database.js';
import { quoteText } from '../sql-text/index.js';
import { type Aggregate, AggregateStatements, algorithmNamed } from './aggregate.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);
await connection.run(
  `CREATE TABLE a AS SELECT * FROM (VALUES ('M', 1, 10), ('M', 1, 20), ('M', 2, NULL), ('V', 3, 30), (NULL, 3, 5), (NULL, 4, 5)) v(g, p, x)`,
);

const average: Aggregate = {
  algorithm: algorithmNamed('average'),
  measures: [{ name: 'x', sql: 'c2', type: 'INTEGER' }],
  groups: [{ name: 'g', sql: 'c0' }],
  total: true,
  bins: undefined,
  units: ['c1'],
};
/** The table is called as one would call the first table of a statement, to find out whether names clash. */
const query = 'SELECT g, p, x FROM a';

async function run(statement: string): Promise<unknown[][]> {
  const bound = await connection.runAndReadAll(`SELECT json_serialize_plan(${quoteText(statement)})`);
  const parsed = parsePlan(String(bound.getRows()[0]?.[0]));
  if ('error' in parsed) throw new Error(parsed.error.message);
  authorisePlan(parsed.plans, { a: ['g', 'p', 'x'] });
  const rows = (await connection.runAndReadAll(statement)).getRowsJS();
  const plain = rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
  return plain.sort((left, right) => (String(left) < String(right) ? -1 : 1));
}

describe('AggregateStatements', () => {
  it('fold groups and the total, with the persons that have a value in each', async () => {
    expect(await run(new AggregateStatements(query, 3, average).main(true))).toEqual([
      [null, false, 2, 2, '10'],
      [null, true, 3, 5, '70'],
      ['M', false, 1, 2, '30'],
      ['V', false, 1, 1, '30'],
    ]);
  });

  it('count persons by themselves: over the first rows, and over all', async () => {
    const statements = new AggregateStatements(query, 3, average);
    const exact = [
      [null, 2],
      ['M', 1],
      ['V', 1],
    ];
    expect(await run(statements.exact())).toEqual(exact);
    expect(await run(statements.proof())).toEqual(exact);
    expect(await run(statements.secondProof())).toEqual(exact);
    expect(await run(statements.main(false))).toEqual([
      [null, false, 2, '10'],
      [null, true, 5, '70'],
      ['M', false, 2, '30'],
      ['V', false, 1, '30'],
    ]);
  });

  it('count the persons of all small groups together, each once', async () => {
    const statements = new AggregateStatements(query, 3, average);
    expect(await run(statements.withheldUnits(2))).toEqual([[2]]);
    expect(await run(statements.withheldUnits(3))).toEqual([[3]]);
    expect(await run(statements.withheldUnits(1))).toEqual([[0]]);
  });

  it('count the fewest of several units', async () => {
    const both = {
      ...average,
      units: ['c1', 'c2'],
      groups: [],
      measures: [],
      algorithm: algorithmNamed('count'),
    };
    const statements = new AggregateStatements(query, 3, both);
    expect(await run(statements.main(true))).toEqual([[false, 4, 6]]);
    expect(await run(statements.withheldUnits(5))).toEqual([[4]]);
    expect(await run(statements.withheldUnits(4))).toEqual([[0]]);
  });

  it('name no persons where none are counted', async () => {
    const free = { ...average, units: [], total: false };
    expect(await run(new AggregateStatements(query, 3, free).main(true))).toEqual([
      [null, false, 2, '10'],
      ['M', false, 2, '30'],
      ['V', false, 1, '30'],
    ]);
  });

  it('know no other algorithm', () => {
    expect(() => algorithmNamed('toString')).toThrow(RangeError);
  });
});
