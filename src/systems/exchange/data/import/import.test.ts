import { chmodSync, mkdirSync, readdirSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataSet } from './import.js';
import { ImportWorkplace } from './import-workplace.js';

let place: ImportWorkplace;

beforeEach(() => {
  place = new ImportWorkplace();
});

afterEach(() => place.close());

describe('other forms', () => {
  it('takes Parquet and tables of DuckDB files with their types', async () => {
    const database = join(place.work, 'source.duckdb');
    const parquet = join(place.work, '[p].parquet');
    await place.ask(
      ':memory:',
      `ATTACH '${database}' AS s;
       CREATE TABLE s.one AS SELECT range AS i, 'é' AS "T x" FROM range(10);
       CREATE TABLE s.two AS SELECT 'a'::ENUM('a', 'b') AS e;
       CREATE VIEW s.v AS FROM s.one;
       COPY (SELECT {'x': 1, 'y': [2]} AS nested, 3::SMALLINT AS n) TO '${parquet}';
       DETACH s`,
    );
    const { tables, file } = await place.imported({
      p: { file: parquet },
      renamed: { file: database, table: 'ONE' },
      '*': { file: database },
    });
    expect(Object.keys(tables)).toEqual(['one', 'two', 'p', 'renamed']);
    expect(tables.p).toMatchObject({
      rows: 1,
      rejected: 0,
      bytes: statSync(parquet).size,
      columns: [
        { name: 'nested', type: 'STRUCT(x INTEGER, y INTEGER[])' },
        { name: 'n', type: 'SMALLINT' },
      ],
    });
    expect(tables.renamed).toMatchObject({
      rows: 10,
      columns: [{ name: 'i' }, { name: 'T x', type: 'VARCHAR' }],
    });
    expect(tables.two?.columns).toEqual([{ name: 'e', type: "ENUM('a', 'b')" }]);
    expect(await place.ask(file, 'SELECT sum(i) FROM renamed')).toEqual([['45']]);
  });

  it('refuses a table that is not there, a broken file, and a DuckDB file with changes in its log', async () => {
    const database = join(place.work, 'source.duckdb');
    await place.ask(':memory:', `ATTACH '${database}' AS s; CREATE TABLE s.one AS SELECT 1 AS i; DETACH s`);
    await expect(place.imported({ t: { file: database } })).rejects.toMatchObject({
      code: 'input-invalid',
      message: `${database} has no table "t". It has: one.`,
    });
    const broken = place.given('broken.parquet', 'no parquet at all');
    await expect(place.imported({ t: { file: broken } })).rejects.toMatchObject({
      code: 'data-set-unavailable',
      message: expect.stringMatching(/broken\.parquet could not become table "t": .*magic bytes/),
    });
    writeFileSync(`${database}.wal`, 'changes');
    await expect(place.imported({ one: { file: database } })).rejects.toMatchObject({
      code: 'data-set-unavailable',
      message: expect.stringContaining('Run CHECKPOINT'),
    });
  });
});

describe('files that cannot be imported', () => {
  it.each([
    [
      'is missing',
      () => join(place.work, 'absent.csv'),
      'data-set-unavailable',
      /absent\.csv of table "t" is not there/,
    ],
    ['is a folder', () => place.work, 'data-set-unavailable', /is not a regular file/],
    ['is empty', () => place.given('t.csv', ''), 'input-invalid', /t\.csv of table "t" is empty/],
    [
      'has blank lines only',
      () => place.given('t.csv', '\r\n\r\n'),
      'input-invalid',
      /t\.csv is empty\. Its first record/,
    ],
  ])('where one %s', async (_, file, code, message) => {
    await expect(place.imported({ t: { file: file() } })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('where a type is declared that there is not, or for a column that there is not', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    await expect(place.imported({ t: { file, types: { a: 'WHATEVER' } } })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('knows no type WHATEVER'),
    });
    await expect(place.imported({ t: { file, types: { b: 'DATE' } } })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('has no column "b"'),
    });
  });

  it('where the import is stopped, and nothing is left behind', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    const options = { folder: place.folder, signal: AbortSignal.abort() };
    await expect(importDataSet({ dataSet: 'd', tables: { t: { file } } }, options)).rejects.toMatchObject({
      code: 'request-cancelled',
    });
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('where the import is stopped while it runs', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    const stop = new AbortController();
    mkdirSync(place.folder);
    const watcher = watch(place.folder, () => stop.abort());
    try {
      const running = importDataSet(
        { dataSet: 'd', tables: { t: { file } } },
        { folder: place.folder, signal: stop.signal },
      );
      await expect(running).rejects.toMatchObject({ code: 'request-cancelled' });
    } finally {
      watcher.close();
    }
    expect(readdirSync(place.folder)).toEqual([]);
  });
});

const root = process.getuid?.() === 0;
if (root) console.log('Skipped: a file without read permission, because root may read every file.');

describe.skipIf(root)('a file without read permission', () => {
  it('is named', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    chmodSync(file, 0);
    await expect(place.imported({ t: { file } })).rejects.toMatchObject({
      code: 'data-set-unavailable',
      message: expect.stringContaining('may not be read by this process'),
    });
  });
});
