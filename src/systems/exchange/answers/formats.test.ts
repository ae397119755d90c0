import { buffer, text } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../ask/request-record.js';
import type { Cell } from '../steps/index.js';
import { arrowAnswer, csvAnswer, jsonAnswer, type ReadableResult } from './formats.js';

const withheld = { groups: 2, total: true, minimumGroupSize: 10 };

/** A result of one provider with these columns and rows. */
function readable(
  provider: string,
  columns: readonly string[],
  cells: readonly (readonly Cell[])[],
  more: Partial<Result> = {},
): ReadableResult {
  const rows = cells.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])));
  return {
    result: { providers: [provider], computedAt: provider, ...more },
    columns,
    async *rows() {
      yield* rows;
    },
  };
}

const alone = { labelled: false };
const labelled = { labelled: true };

describe('CSV', () => {
  const csv = (results: readonly ReadableResult[], options = alone) => text(csvAnswer(results, options));

  it('has a header, and a line for each row', async () => {
    const result = readable(
      'VU',
      ['Geslacht', 'average'],
      [
        ['M', 11.5],
        ['V', null],
        [null, true],
      ],
    );
    expect(await csv([result])).toBe('Geslacht,average\r\nM,11.5\r\nV,\r\n,true\r\n');
  });

  it('quotes what holds a comma, a quote or a line end, in fields and in the header', async () => {
    const result = readable(
      'VU',
      ['a,b', 'c'],
      [
        ['one, two', 'say "yes"'],
        ['first\nsecond', 'x\r\ny'],
        ['plain text', "it's"],
      ],
    );
    expect(await csv([result])).toBe(
      '"a,b",c\r\n"one, two","say ""yes"""\r\n"first\nsecond","x\r\ny"\r\nplain text,it\'s\r\n',
    );
  });

  it('writes a row of one empty field so that it is no empty line', async () => {
    expect(await csv([readable('VU', ['a'], [['x'], [null], ['']])])).toBe('a\r\nx\r\n""\r\n""\r\n');
  });

  it('names the provider of each row where it holds several, and fills columns that one does not have', async () => {
    const uva = readable('UVA', ['Geslacht', 'average'], [['M', 1]]);
    const both = readable('VU', ['Geslacht', 'count'], [['V', 2]], { providers: ['VU', 'RUG'] });
    expect(await csv([uva, both], labelled)).toBe(
      'provider,Geslacht,average,count\r\nUVA,M,1,\r\nVU+RUG,V,,2\r\n',
    );
  });

  it('keeps its own column apart from one of the answer that has the same name', async () => {
    const result = readable('UVA', ['provider', 'provider_'], [['theirs', 'too']]);
    expect(await csv([result], labelled)).toBe('provider__,provider,provider_\r\nUVA,theirs,too\r\n');
  });

  it('is a header alone where there are no rows', async () => {
    expect(await csv([readable('VU', ['a', 'b'], [])])).toBe('a,b\r\n');
  });

  it('gives every text back to a reader of RFC 4180', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', 'é'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1 }), async (rows) => {
        const written = await csv([readable('VU', ['a', 'b'], rows)]);
        expect(readCsv(written).slice(1)).toEqual(rows);
      }),
    );
  });
});

/** Reads RFC 4180, by its grammar: fields are quoted, with doubled quotes, or hold none of `",\r\n`. */
function readCsv(written: string): string[][] {
  const records: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let match = field.exec(written); match !== null; match = field.exec(written)) {
    const [, quoted, plain, end] = match;
    records.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

describe('JSON', () => {
  const json = async (results: readonly ReadableResult[]) =>
    JSON.parse(await text(jsonAnswer('r-1', results)));

  it('has each result with what is told of it, and its rows', async () => {
    const table = { columns: ['Geslacht', 'average'], rows: [], withheld };
    const uva = readable(
      'UVA',
      ['Geslacht', 'average'],
      [
        ['M', 11.5],
        ['V', null],
      ],
      { table, named: { men: 11.5 } },
    );
    const failed = readable('VU', [], [], { error: { code: 'time-limit', message: 'It took too long.' } });
    expect(await json([uva, failed])).toEqual({
      request: 'r-1',
      results: [
        {
          providers: ['UVA'],
          computedAt: 'UVA',
          columns: ['Geslacht', 'average'],
          withheld,
          named: { men: 11.5 },
          rows: [
            { Geslacht: 'M', average: 11.5 },
            { Geslacht: 'V', average: null },
          ],
        },
        {
          providers: ['VU'],
          computedAt: 'VU',
          columns: [],
          error: { code: 'time-limit', message: 'It took too long.' },
          rows: [],
        },
      ],
    });
  });

  it('is valid where there are no rows, and where there is no result', async () => {
    expect((await json([readable('VU', ['a'], [])])).results[0].rows).toEqual([]);
    expect(await json([])).toEqual({ request: 'r-1', results: [] });
  });

  it('gives back any text as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), async (cells) => {
        const { results } = await json([
          readable(
            'VU',
            ['a'],
            cells.map((cell) => [cell]),
          ),
        ]);
        expect(results[0].rows.map((row: { a: string }) => row.a)).toEqual(cells);
      }),
    );
  });
});

describe('Arrow', () => {
  const arrow = async (results: readonly ReadableResult[], options = alone) => {
    const table = tableFromIPC(await buffer(await arrowAnswer(results, options)));
    const columns = table.schema.fields.map(({ name }) => name);
    return { columns, rows: table.toArray().map((row) => columns.map((name) => row[name])) };
  };

  it('gives back numbers, texts, truth values and nulls', async () => {
    const cells = [
      ['M', 11.5, true, null],
      ['V', null, false, null],
      [null, -3, null, null],
    ];
    expect(await arrow([readable('VU', ['a', 'b', 'c', 'd'], cells)])).toEqual({
      columns: ['a', 'b', 'c', 'd'],
      rows: cells,
    });
  });

  it('makes texts of a column whose cells differ in type', async () => {
    expect((await arrow([readable('VU', ['a'], [[1], ['9007199254740993'], [null], [true]])])).rows).toEqual([
      ['1'],
      ['9007199254740993'],
      [null],
      ['true'],
    ]);
  });

  it('names the provider of each row where it holds several, apart from a column of that name', async () => {
    const uva = readable('UVA', ['provider', 'n'], [['x', 1]]);
    const vu = readable('VU', ['n'], [[2], [3]]);
    expect(await arrow([uva, vu], labelled)).toEqual({
      columns: ['provider_', 'provider', 'n'],
      rows: [
        ['UVA', 'x', 1],
        ['VU', null, 2],
        ['VU', null, 3],
      ],
    });
  });

  it('keeps its columns where there are no rows', async () => {
    expect(await arrow([readable('VU', ['a', 'b'], [])])).toEqual({ columns: ['a', 'b'], rows: [] });
  });
});
