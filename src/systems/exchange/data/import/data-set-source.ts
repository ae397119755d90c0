import { extname, resolve } from 'node:path';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { foldedName } from '../../sql-text/index.js';

/** The forms that a table can come in. */
export type TableFormat = 'csv' | 'parquet' | 'duckdb';

/** Where one table of a data set comes from. */
export interface TableSource {
  /** Path of the file; a relative one is taken from the working folder of the process. */
  readonly file: string;
  /** From the file's extension if not given: `.parquet`, `.duckdb` or `.db`, else CSV. */
  readonly format?: TableFormat;
  /** CSV only: one ASCII character; detected if not given. */
  readonly delimiter?: string;
  /** CSV only: DuckDB types by column. A record with a value that its type cannot hold is rejected. */
  readonly types?: Readonly<Record<string, string>>;
  /** DuckDB only: the table in the file, in schema `main`; the name of this table if not given. */
  readonly table?: string;
}

/** A data set as a provider declares it. The table name `*` with a DuckDB file takes every table in it. */
export interface DataSetSource {
  readonly dataSet: string;
  readonly tables: Readonly<Record<string, TableSource>>;
}

/** One table of a checked source: everything settled, the path absolute. */
export interface CheckedTable {
  readonly name: string;
  readonly file: string;
  readonly format: TableFormat;
  readonly delimiter?: string;
  readonly types: readonly (readonly [column: string, type: string])[];
  readonly table: string;
}

/** A source that was checked; tables are in the order of their names, so that the same declaration is the same data. */
export interface CheckedSource {
  readonly dataSet: string;
  readonly tables: readonly CheckedTable[];
}

/** The table name that stands for every table of a DuckDB file. */
export const everyTable = '*';

/** Checks what can be checked without reading a file. Throws `input-invalid`, naming what to correct. */
export function checkSource(source: DataSetSource): CheckedSource {
  checkDataSetName(source.dataSet);
  const tables = Object.entries(source.tables).map(([name, table]) => checkTable(name, table));
  if (tables.length === 0) throw invalid(`Data set ${source.dataSet} has no tables. Declare at least one.`);
  const names = new Map<string, string>();
  for (const { name } of tables) {
    const other = names.get(foldedName(name));
    if (other !== undefined) {
      throw invalid(`The tables ${quoted(other)} and ${quoted(name)} differ only in case. Rename one.`);
    }
    names.set(foldedName(name), name);
  }
  return { dataSet: source.dataSet, tables: tables.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Throws `input-invalid` where `dataSet` cannot be part of a file name. */
export function checkDataSetName(dataSet: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(dataSet)) return;
  throw invalid(
    `${quoted(dataSet)} cannot be the name of a data set. Use up to 100 letters, digits, dots, dashes and underscores, a letter or digit first.`,
  );
}

function checkTable(name: string, source: TableSource): CheckedTable {
  const format = source.format ?? formatOf(source.file);
  const of = `Table ${quoted(name)}`;
  if (name === '' || name.includes('\0') || name === '__proto__') {
    throw invalid(`${quoted(name)} cannot be the name of a table. Rename it.`);
  }
  if (source.file === '' || source.file.includes('\0')) throw invalid(`${of} names no file. Declare one.`);
  if (format !== 'csv' && (source.delimiter !== undefined || source.types !== undefined)) {
    throw invalid(
      `${of} comes from a ${format} file, which carries its own types. Remove "delimiter" and "types".`,
    );
  }
  if (format !== 'duckdb' && source.table !== undefined) {
    throw invalid(`${of} comes from a ${format} file, which holds one table. Remove "table".`);
  }
  if (name === everyTable && (format !== 'duckdb' || source.table !== undefined)) {
    throw invalid(
      `The table name "*" takes every table of a DuckDB file. Give this table a name of its own.`,
    );
  }
  const types = Object.entries(source.types ?? {});
  for (const [column, type] of types) checkType(of, column, type);
  return {
    name,
    file: resolve(source.file),
    format,
    types: types.sort(([a], [b]) => (a < b ? -1 : 1)),
    table: source.table ?? name,
    ...(source.delimiter === undefined ? {} : { delimiter: source.delimiter }),
  };
}

/** The type becomes part of a statement: only its form is settled here, DuckDB says whether there is such a type. */
function checkType(of: string, column: string, type: string): void {
  if (/^[A-Za-z][A-Za-z0-9_]*( [A-Za-z]+)*(\(\d+(, ?\d+)?\))?$/.test(type)) return;
  throw invalid(
    `${of}, column ${quoted(column)}: ${quoted(type)} is no type. Use one such as BIGINT or DECIMAL(9,2).`,
  );
}

function formatOf(file: string): TableFormat {
  const extension = extname(file).toLowerCase();
  if (extension === '.parquet') return 'parquet';
  return extension === '.duckdb' || extension === '.db' ? 'duckdb' : 'csv';
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function invalid(message: string): StarlingError {
  return new StarlingError('input-invalid', message);
}
