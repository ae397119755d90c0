import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportWorkplace } from './import-workplace.js';

let place: ImportWorkplace;

beforeEach(() => {
  place = new ImportWorkplace();
});

afterEach(() => place.close());

describe('types of CSV columns', () => {
  it('are found over all records, and every value is kept', async () => {
    const lines = [
      'whole,decimal,code,long,day,moment,flag,letter,either,clock,none,words',
      ...Array.from(
        { length: 3_000 },
        (_, at) => `${at},${at}.5,1,5,2020-01-31,2020-01-31 10:00:00,true,T,03-04-2020,10:30,,x`,
      ),
      '-7,1e-3,0001,12345678901234567890,2021-02-28,2021-02-28T23:59:59.5,false,F,04-05-2020,23:59,,"y ""z"", é\r\n"',
    ];
    const { tables, file } = await place.imported({
      t: { file: place.given('t.csv', `${lines.join('\n')}\n`) },
    });
    expect(tables.t?.columns).toEqual([
      { name: 'whole', type: 'BIGINT' },
      { name: 'decimal', type: 'DOUBLE' },
      { name: 'code', type: 'VARCHAR' },
      { name: 'long', type: 'VARCHAR' },
      { name: 'day', type: 'DATE' },
      { name: 'moment', type: 'TIMESTAMP' },
      { name: 'flag', type: 'BOOLEAN' },
      { name: 'letter', type: 'VARCHAR' },
      { name: 'either', type: 'VARCHAR' },
      { name: 'clock', type: 'TIME' },
      { name: 'none', type: 'VARCHAR' },
      { name: 'words', type: 'VARCHAR' },
    ]);
    expect(tables.t).toMatchObject({ rows: 3_001, rejected: 0, rejects: [] });
    expect(await place.ask(file, 'FROM t WHERE whole < 0')).toEqual([
      [
        '-7',
        0.001,
        '0001',
        '12345678901234567890',
        '2021-02-28',
        '2021-02-28 23:59:59.5',
        false,
        'F',
        '04-05-2020',
        '23:59:00',
        null,
        'y "z", é\r\n',
      ],
    ]);
  });

  it('that are declared reject the records that do not fit, by source line and without their values', async () => {
    const source = 'id;amount;misfit\r\r\n1;1,5;7\r2;2.25;8\n\n3;2.255;9\nsecret;1;1\n4\n5.5;1;1\n6;;\n';
    const { tables, file } = await place.imported({
      t: {
        file: place.given('t.csv', source),
        delimiter: ';',
        types: { id: 'INT', amount: 'DECIMAL(9,2)', misfit: 'VARCHAR' },
      },
    });
    expect(tables.t).toMatchObject({
      rows: 2,
      columns: [
        { name: 'id', type: 'INTEGER' },
        { name: 'amount', type: 'DECIMAL(9,2)' },
        { name: 'misfit', type: 'VARCHAR' },
      ],
      rejected: 5,
      rejects: [
        { line: 2, reason: 'The value of column "amount" is no DECIMAL(9,2).' },
        { line: 5, reason: 'The value of column "amount" is no DECIMAL(9,2).' },
        { line: 6, reason: 'The value of column "id" is no INTEGER.' },
        { line: 7, reason: 'The record has 1 field and the header 3.' },
        { line: 8, reason: 'The value of column "id" is no INTEGER.' },
      ],
    });
    expect(await place.ask(file, 'FROM t')).toEqual([
      [2, '2.25', '8'],
      [6, null, null],
    ]);
  });

  it('tell a hundred rejects in detail and count all', async () => {
    const { tables } = await place.imported({
      t: { file: place.given('t.csv', `a,b\n${'x,1\n'.repeat(150)}1\n`), types: { a: 'BIGINT' } },
    });
    expect(tables.t).toMatchObject({ rows: 0, rejected: 151 });
    expect(tables.t?.rejects.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, at) => at + 2));
  });
});

describe('names', () => {
  it('of tables and columns are kept exactly, however hostile', async () => {
    const header = ['line', 'LINE_', 'a"b', "c'd", ' e ', 'f;--', 'SELECT', 'é\n'];
    const source = `${header.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n${'1,'.repeat(7)}x\n`;
    const table = `x"; DROP TABLE 't' --`;
    const { tables, file } = await place.imported({
      [table]: { file: place.given("it's [a] *.csv", source), types: { "c'd": 'VARCHAR', 'a"b': 'TINYINT' } },
      main: { file: place.given('main.csv', 'a\n') },
    });
    expect(tables[table]?.columns.map(({ name }) => name)).toEqual(header);
    expect(await place.ask(file, `FROM "${table.replaceAll('"', '""')}"`)).toEqual([
      ['1', '1', 1, '1', '1', '1', '1', 'x'],
    ]);
    expect(tables.main).toMatchObject({ rows: 0, columns: [{ name: 'a', type: 'VARCHAR' }] });
  });

  it.each([
    ['a,b,A\n', /names the columns "a" and "A", which are the same to DuckDB\. Rename one\./],
    ['a,,b\n', /Column 2 of .*t\.csv has no name in the header\. Give it one\./],
  ])('of a header that would have to be changed are refused: %j', async (source, message) => {
    await expect(place.imported({ t: { file: place.given('t.csv', source) } })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(message),
    });
    expect(readdirSync(place.folder)).toEqual([]);
  });
});
