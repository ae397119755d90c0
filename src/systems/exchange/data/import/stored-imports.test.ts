import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataSet } from './import.js';
import { ImportWorkplace } from './import-workplace.js';
import { readImport, removeOutdated } from './stored-imports.js';

let place: ImportWorkplace;

beforeEach(() => {
  place = new ImportWorkplace();
});

afterEach(() => place.close());

describe('what is kept', () => {
  it('is one read-only file and its report, which is read again', async () => {
    const report = await place.imported({ t: { file: place.given('t.csv', 'a\n1\n') } });
    expect(readdirSync(place.folder).sort()).toEqual([
      `staff-${report.fingerprint}.duckdb`,
      `staff-${report.fingerprint}.json`,
    ]);
    expect(report.file).toBe(join(place.folder, `staff-${report.fingerprint}.duckdb`));
    expect(statSync(report.file).mode & 0o777).toBe(0o440);
    expect(report.reused).toBe(false);
    expect(await readImport(place.folder, 'staff')).toEqual({ ...report, reused: true });
    expect(await readImport(place.folder, 'sta')).toBeUndefined();
    expect(await readImport(join(place.work, 'nowhere'), 'staff')).toBeUndefined();
  });

  it('is used again where nothing changed, or only the time or the place of the file', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    const first = await place.imported({ t: { file } });
    expect(await place.imported({ t: { file } })).toEqual({ ...first, reused: true });
    utimesSync(file, 1_000_000, 1_000_000);
    expect(await place.imported({ t: { file } })).toEqual({ ...first, reused: true });
    renameSync(file, join(place.work, 'moved.csv'));
    expect(await place.imported({ t: { file: join(place.work, 'moved.csv') } })).toEqual({
      ...first,
      reused: true,
    });
    expect(readdirSync(place.folder)).toHaveLength(2);
  });

  it('is another import where the content or the declaration changed; the latest one counts', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    const first = await place.imported({ t: { file } });
    writeFileSync(file, 'a\n2\n');
    const second = await place.imported({ t: { file } });
    const third = await place.imported({ t: { file, types: { a: 'VARCHAR' } } });
    expect(new Set([first, second, third].map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect((await readImport(place.folder, 'staff'))?.fingerprint).toBe(third.fingerprint);
    writeFileSync(file, 'a\n1\n');
    expect(await place.imported({ t: { file } })).toEqual({ ...first, reused: true });
    expect((await readImport(place.folder, 'staff'))?.fingerprint).toBe(first.fingerprint);

    expect([...(await removeOutdated(place.folder, 'staff', [first.fingerprint]))].sort()).toEqual(
      [second.fingerprint, third.fingerprint].sort(),
    );
    expect(readdirSync(place.folder)).toHaveLength(2);
    expect(await place.ask(first.file, 'FROM t')).toEqual([['1']]);
  });

  it('counts as absent where the report is broken or the data is gone, and is imported again', async () => {
    const file = place.given('t.csv', 'a\n1\n');
    const { fingerprint, file: database } = await place.imported({ t: { file } });
    const report = join(place.folder, `staff-${fingerprint}.json`);
    const whole = readFileSync(report, 'utf8');
    writeFileSync(report, whole.slice(0, 50));
    expect(await readImport(place.folder, 'staff')).toBeUndefined();
    writeFileSync(report, whole);
    rmSync(database);
    expect(await readImport(place.folder, 'staff')).toBeUndefined();
    expect(await place.imported({ t: { file } })).toMatchObject({ fingerprint, reused: false });
    expect(existsSync(database)).toBe(true);
  });

  it('is cleared of what a killed process left', async () => {
    mkdirSync(join(place.folder, '.import-999999999-x'), { recursive: true });
    mkdirSync(join(place.folder, `.import-${process.pid}-x`));
    writeFileSync(join(place.folder, '.import-999999999-x', 'data.duckdb'), '');
    await place.imported({ t: { file: place.given('t.csv', 'a\n1\n') } });
    expect(readdirSync(place.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('holds for imports that run side by side', async () => {
    const tables = { t: { file: place.given('t.csv', 'a\n1\n') } };
    const reports = await Promise.all(
      ['a', 'b', 'a'].map((dataSet) => importDataSet({ dataSet, tables }, { folder: place.folder })),
    );
    expect(reports.map(({ tables: { t } }) => t?.rows)).toEqual([1, 1, 1]);
    expect(readdirSync(place.folder)).toHaveLength(4);
  });
});
