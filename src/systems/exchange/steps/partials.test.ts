import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openMadeDatabase } from '../made-database.js';
import { type Aggregate, AggregateStatements, algorithmNamed, type PartialRow } from './aggregate.js';
import type { Bins, Cell } from './algorithms/index.js';
import { finishPartials, mergePartials } from './merge.js';
import type { Partials } from './partials.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

/** A row of a provider: group, value as SQL writes it, person. */
type Row = readonly [group: string, value: string | null, person: number];

const withheld = { groups: 0, total: false, minimumGroupSize: 1 };

/** The partials of one provider with these rows, as a run computes them. */
async function partials(rows: readonly Row[], name: string, type: string, bins?: Bins): Promise<Partials> {
  const values = rows.map(
    ([group, value, person]) => `('${group}', CAST(${value ?? 'NULL'} AS ${type}), ${person})`,
  );
  const query =
    values.length === 0
      ? `SELECT 'x', CAST(NULL AS ${type}), 1 WHERE false`
      : `SELECT * FROM (VALUES ${values.join(', ')}) v(g, x, p)`;
  const algorithm = algorithmNamed(name);
  const aggregate: Aggregate = {
    algorithm,
    measures: [{ name: 'x', sql: 'c1', type }],
    groups: [{ name: 'g', sql: 'c0' }],
    total: true,
    bins,
    units: ['c2'],
  };
  const statement = new AggregateStatements(query, 3, aggregate).main(true);
  const keys = algorithm.bin === undefined ? 1 : 2;
  const answer = (await connection.runAndReadAll(statement)).getRowsJS() as Cell[][];
  const partial = answer.map((cells): PartialRow => {
    const plain = cells.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell));
    return {
      group: plain.slice(0, keys),
      total: plain[keys] === true,
      state: algorithm.read(plain.slice(keys + 2)),
    };
  });
  return { algorithm: name, groups: ['g'], ...(bins === undefined ? {} : { bins }), rows: partial, withheld };
}

/** The answer of several providers, each with its rows. */
async function answer(providers: readonly (readonly Row[])[], name: string, type: string, bins?: Bins) {
  const all: Partials[] = [];
  for (const rows of providers) all.push(await partials(rows, name, type, bins));
  return finishPartials(mergePartials(all)).rows;
}

const group = fc.constantFrom('M', 'V');
const person = fc.nat(9);
const integers = fc.tuple(
  group,
  fc.option(fc.maxSafeInteger().map((n) => String(n % 1_000_000_000))),
  person,
);
const decimals = fc.tuple(
  group,
  fc.option(fc.integer({ min: -99_999_999, max: 99_999_999 }).map((n) => `${(n / 100).toFixed(2)}`)),
  person,
);
const doubles = fc.tuple(
  group,
  fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((n) => `${n}::DOUBLE`)),
  person,
);

/** Rows, and the number of the provider that has each. */
const split = (row: fc.Arbitrary<Row>) => fc.array(fc.tuple(row, fc.nat(2)), { minLength: 1, maxLength: 25 });
const providersOf = (rows: readonly (readonly [Row, number])[]) =>
  [0, 1, 2].map((provider) => rows.filter(([, at]) => at === provider).map(([row]) => row));

const bins = { width: 1000, origin: 7 };
const runs = { numRuns: 40 };

describe.each(['count', 'sum', 'average', 'variance', 'histogram', 'min', 'max'])('%s', (name) => {
  const asked = name === 'histogram' ? bins : undefined;

  it.each([
    ['INTEGER', integers],
    ['DECIMAL(10,2)', decimals],
  ] as const)('of %s is the same however the rows lie at providers', async (type, row) => {
    await fc.assert(
      fc.asyncProperty(split(row), async (rows) => {
        const providers = providersOf(rows);
        const whole = await answer([rows.map(([one]) => one)], name, type, asked);
        const merged = await answer(providers, name, type, asked);
        const exact = name !== 'variance' || type === 'INTEGER';
        if (exact) expect(merged).toEqual(whole);
        else expectClose(merged, whole);
        expect(await answer([...providers].reverse(), name, type, asked)).toEqual(
          exact ? whole : expect.anything(),
        );
      }),
      runs,
    );
  });

  it('of DOUBLE is the same to 10⁻¹² however the rows lie at providers', async () => {
    await fc.assert(
      fc.asyncProperty(split(doubles), async (rows) => {
        const whole = await answer([rows.map(([one]) => one)], name, 'DOUBLE', asked);
        expectClose(await answer(providersOf(rows), name, 'DOUBLE', asked), whole);
      }),
      runs,
    );
  });

  it('takes NaN and infinity for no value', async () => {
    const rows: Row[] = [
      ['M', '1.5', 1],
      ['M', "'NaN'", 2],
      ['M', "'-inf'", 3],
      ['M', '2.5', 4],
      ['V', "'inf'", 5],
    ];
    const finite: Row[] = [
      ['M', '1.5', 1],
      ['M', '2.5', 4],
    ];
    const answered = await answer([rows], name, 'DOUBLE', asked);
    expect(answered).toEqual(await answer([finite], name, 'DOUBLE', asked));
    expect(answered).toContainEqual(expect.objectContaining({ g: 'M' }));
  });
});

/** Equal but for the last digits of numbers: relative to the numbers' own size, and to what was added up. */
function expectClose(actual: readonly Readonly<Record<string, Cell>>[], expected: typeof actual): void {
  expect(actual).toHaveLength(expected.length);
  for (const [at, row] of expected.entries()) {
    const scale = Math.max(
      1,
      ...Object.values(row).map((cell) => (typeof cell === 'number' ? Math.abs(cell) : 0)),
    );
    for (const [field, value] of Object.entries(row)) {
      const other = actual[at]?.[field];
      if (typeof value !== 'number' || typeof other !== 'number')
        expect([field, other]).toEqual([field, value]);
      else expect([field, Math.abs(other - value) <= 1e-12 * Math.max(scale, 1e9)]).toEqual([field, true]);
    }
  }
}

describe('the figures of a provider', () => {
  const rows: Row[] = [
    ['M', '3', 1],
    ['M', '4', 1],
    ['M', null, 2],
    ['V', '9007199254740993', 3],
    ['V', '5', 4],
    ['V', '7', 5],
  ];

  it('are those of a reference in whole numbers', async () => {
    expect(await answer([rows], 'sum', 'BIGINT')).toEqual([
      { g: 'M', total: false, sum: 7, rows: 2 },
      { g: 'V', total: false, sum: Number(9007199254741005n), rows: 3 },
      { g: null, total: true, sum: Number(9007199254741012n), rows: 5 },
    ]);
    expect(await answer([rows.slice(0, 3), rows.slice(4)], 'average', 'INTEGER')).toEqual([
      { g: 'M', total: false, average: 3.5, rows: 2 },
      { g: 'V', total: false, average: 6, rows: 2 },
      { g: null, total: true, average: 4.75, rows: 4 },
    ]);
    expect(await answer([rows.slice(0, 2), rows.slice(4)], 'variance', 'INTEGER')).toEqual([
      { g: 'M', total: false, variance: 0.5, standardDeviation: Math.sqrt(0.5), mean: 3.5, rows: 2 },
      { g: 'V', total: false, variance: 2, standardDeviation: Math.SQRT2, mean: 6, rows: 2 },
      { g: null, total: true, variance: 35 / 12, standardDeviation: Math.sqrt(35 / 12), mean: 4.75, rows: 4 },
    ]);
  });

  it('are of bars that begin at the origin', async () => {
    const values: Row[] = ['-1', '0', '9', '10', '19.5'].map((value, i) => ['M', value, i]);
    expect(await answer([values], 'histogram', 'DOUBLE', { width: 10, origin: 0 })).toEqual([
      { g: 'M', total: false, from: -10, to: 0, count: 1 },
      { g: 'M', total: false, from: 0, to: 10, count: 2 },
      { g: 'M', total: false, from: 10, to: 20, count: 2 },
      { g: null, total: true, value: null, count: 5 },
    ]);
  });
});
