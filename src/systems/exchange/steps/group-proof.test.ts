import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { openMadeDatabase } from '../made-database.js';
import { AggregateStatements, algorithmNamed } from './aggregate.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

/** Persons by two keys of a row; a key may be missing, as after an outer join. */
const row = fc.tuple(
  fc.constantFrom('a', 'b'),
  fc.option(fc.integer({ min: 0, max: 90 })),
  fc.option(fc.integer({ min: 0, max: 9 })),
);

function statementsOver(
  rows: readonly (readonly [string, number | null, number | null])[],
  units: readonly string[],
) {
  const values = rows.map(([group, one, other]) => `('${group}', ${one}::INTEGER, ${other}::INTEGER)`);
  const query = `SELECT * FROM (VALUES ${values.join(', ')}) v(g, u, w)`;
  return new AggregateStatements(query, 3, {
    algorithm: algorithmNamed('count'),
    measures: [],
    groups: [{ name: 'g', sql: 'c0' }],
    total: false,
    bins: undefined,
    units,
  });
}

async function byGroup(statement: string, position: number): Promise<Map<unknown, number>> {
  const rows = (await connection.runAndReadAll(statement)).getRowsJS();
  return new Map(rows.map((values) => [values[0], Number(values[position])]));
}

it('a proof of group sizes never says more persons than there are, missing keys included', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 150 }),
      fc.constantFrom(['c1'], ['c1', 'c2']),
      async (rows, units) => {
        const statements = statementsOver(rows, units);
        const exact = await byGroup(statements.exact(), 1);
        const bound = await byGroup(statements.main(true), 2);
        const proof = await byGroup(statements.proof(), 1);
        for (const [group, persons] of exact) {
          expect(bound.get(group)).toBeLessThanOrEqual(persons);
          expect(proof.get(group)).toBeLessThanOrEqual(persons);
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('proves a group of some hundred persons large', async () => {
  const rows = Array.from({ length: 300 }, (_, person) => ['a', person, null] as const);
  expect((await byGroup(statementsOver(rows, ['c1']).main(true), 2)).get('a')).toBeGreaterThan(48);
});
