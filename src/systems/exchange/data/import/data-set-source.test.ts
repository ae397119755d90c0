import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSource, type DataSetSource, type TableSource } from './data-set-source.js';

describe('checkSource', () => {
  it('settles names, paths and forms, and sorts tables and types', () => {
    const source: DataSetSource = {
      dataSet: 'wageGap',
      tables: {
        b: { file: 'x.PARQUET' },
        a: { file: '/d/a.txt', delimiter: ';', types: { z: 'DATE', y: 'DECIMAL(9, 2)' } },
        c: { file: '/d/c.db', table: 'inner' },
        d: { file: '/d/d.db', format: 'csv' },
      },
    };
    expect(checkSource(source)).toEqual({
      dataSet: 'wageGap',
      tables: [
        {
          name: 'a',
          file: '/d/a.txt',
          format: 'csv',
          delimiter: ';',
          types: [
            ['y', 'DECIMAL(9, 2)'],
            ['z', 'DATE'],
          ],
          table: 'a',
        },
        { name: 'b', file: resolve('x.PARQUET'), format: 'parquet', types: [], table: 'b' },
        { name: 'c', file: '/d/c.db', format: 'duckdb', types: [], table: 'inner' },
        { name: 'd', file: '/d/d.db', format: 'csv', types: [], table: 'd' },
      ],
    });
  });

  const one = (table: TableSource, name = 't') => ({ dataSet: 'd', tables: { [name]: table } });

  it.each<[string, DataSetSource, RegExp]>([
    [
      'a name that is no file name',
      { dataSet: '../d', tables: {} },
      /"\.\.\/d" cannot be the name of a data set/,
    ],
    ['no tables', { dataSet: 'd', tables: {} }, /has no tables/],
    [
      'tables that differ in case',
      { dataSet: 'd', tables: { a: { file: 'x' }, A: { file: 'y' } } },
      /tables "a" and "A" differ only in case/,
    ],
    ['no file', one({ file: '' }), /Table "t" names no file/],
    ['types of a Parquet file', one({ file: 'x.parquet', types: {} }), /carries its own types/],
    ['a table in a CSV file', one({ file: 'x.csv', table: 'y' }), /which holds one table/],
    ['every table of a CSV file', one({ file: 'x.csv' }, '*'), /takes every table of a DuckDB file/],
    ['a statement as a type', one({ file: 'x.csv', types: { a: 'INT); DROP TABLE t; --' } }), /is no type/],
    ['a table without a name', one({ file: 'x.csv' }, ''), /"" cannot be the name of a table/],
  ])('refuses %s', (_, source, message) => {
    expect(() => checkSource(source)).toThrow(message);
  });
});
