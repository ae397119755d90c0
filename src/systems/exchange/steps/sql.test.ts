import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openMadeDatabase } from '../made-database.js';
import { quoteName, quoteText } from '../sql-text/index.js';
import { quoteNumber, range, rowsOf, withoutSemicolon } from './sql.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

async function one(sql: string) {
  const reader = await connection.runAndReadAll(sql);
  return { name: reader.columnNames()[0], value: reader.getRowsJS()[0]?.[0] };
}

/** Texts without the null character, which no statement can hold. */
const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom("'", '"', '\\', ';', '-', '/', '*', '$', '\n'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 20,
  })
  .map((value) => value.replaceAll('\0', ''))
  .filter((value) => value !== '');

describe('quoting', () => {
  it('gives DuckDB the text and the name back', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect((await one(`SELECT ${quoteText(value)}`)).value).toBe(value);
        expect((await one(`SELECT 1 AS ${quoteName(value)}`)).name).toBe(value);
      }),
    );
  });
});

describe('a number', () => {
  it('is the double that it was, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (number) => {
        const { value } = await one(`SELECT ${quoteNumber(number)}`);
        expect([value === number, value]).toEqual([true, value]);
      }),
      { numRuns: 1000, examples: [[0.000026135033395153314], [0.1], [-1.5], [2 ** 60], [5e-324], [1.7e308]] },
    );
  });
});

describe('rowsOf', () => {
  it('names columns by position, whatever comment ends the query', async () => {
    expect(range(3, 'c')).toEqual(['c0', 'c1', 'c2']);
    expect((await one(`SELECT c1 FROM ${rowsOf('SELECT 1, 2 -- the end', 2)}`)).value).toBe(2);
  });
});

describe('withoutSemicolon', () => {
  it.each([
    ['SELECT 1', 'SELECT 1'],
    ['SELECT 1 ; ;\n', 'SELECT 1'],
    ['SELECT 1; -- done', 'SELECT 1'],
    ['SELECT 1; /* done; */ -- twice\n;', 'SELECT 1'],
    ["SELECT ';'", "SELECT ';'"],
    ["SELECT '-- no comment';", "SELECT '-- no comment'"],
    ["SELECT 'it''s; ' ;", "SELECT 'it''s; '"],
    ["SELECT 'a\\' ;", "SELECT 'a\\'"],
    ["SELECT E'a\\'; ' ;", "SELECT E'a\\'; '"],
    ['SELECT 1 AS ";" ;', 'SELECT 1 AS ";"'],
    ['SELECT $$;--$$ ;', 'SELECT $$;--$$'],
    ['SELECT $x$ $$; $x$;', 'SELECT $x$ $$; $x$'],
    ['SELECT 1 /* ; */ + 1;', 'SELECT 1 /* ; */ + 1'],
    ['SELECT 1; SELECT 2;', 'SELECT 1; SELECT 2'],
    ['-- nothing;', ''],
  ])('of %j is %j', (query, rest) => {
    expect(withoutSemicolon(query)).toBe(rest);
  });

  it('changes nothing that a statement says', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('', ';', ' ; -- end', '; /* end */'), async (value, end) => {
        const query = withoutSemicolon(`SELECT ${quoteText(value)} AS ${quoteName(value)}${end}`);
        expect(await one(`SELECT * FROM (\n${query}\n)`)).toEqual({ name: value, value });
      }),
    );
  });
});
