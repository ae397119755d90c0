import { StarlingError } from '../../../../kernel/errors/index.js';
import { quoteName, quoteText } from '../../sql-text/index.js';
import type { CheckedTable } from './data-set-source.js';
import { columnsOf, type Database } from './database.js';
import { type NormalisedFile, readSniffed, readTyped } from './normalised-file.js';

/** How one column gets from the normalised file into the table. */
export interface ColumnPlan {
  readonly name: string;
  /** The type that `read_csv` gives it. */
  readonly readAs: string;
  /** The declared type that its text is cast to, in DuckDB's spelling. */
  readonly castTo?: string;
}

/**
 * The types of all columns of a CSV source: those declared, and for the rest what DuckDB finds over all records, where
 * that keeps every value; else text. Throws `input-invalid` for a declared column or type that there is not.
 */
export async function planColumns(
  database: Database,
  table: CheckedTable,
  file: NormalisedFile,
  records: number,
): Promise<ColumnPlan[]> {
  const declared = await declaredTypes(database, table, file.header);
  const sniffed =
    records === 0 ? new Map<string, string>() : await sniff(database, file, new Set(declared.keys()));
  return file.header.map((name) => {
    const castTo = declared.get(name);
    if (castTo !== undefined) return { name, readAs: 'VARCHAR', castTo };
    return { name, readAs: sniffed.get(name) ?? 'VARCHAR' };
  });
}

async function declaredTypes(
  database: Database,
  table: CheckedTable,
  header: readonly string[],
): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  for (const [column, type] of table.types) {
    if (!header.includes(column)) {
      throw new StarlingError(
        'input-invalid',
        `${table.file} has no column ${JSON.stringify(column)} that a type is declared for. It has: ${header.join(', ')}.`,
      );
    }
    types.set(column, await canonicalType(database, type, table.file));
  }
  return types;
}

async function canonicalType(database: Database, type: string, file: string): Promise<string> {
  try {
    const [row] = await database.rows(`SELECT typeof(CAST(NULL AS ${type}))`);
    return String(row?.[0]);
  } catch (error) {
    throw new StarlingError(
      'input-invalid',
      `DuckDB knows no type ${type}, which is declared for ${file}. Correct it.`,
      {
        cause: error,
      },
    );
  }
}

/** The types that DuckDB finds and that keep every value; a column that is not in the map is text. */
async function sniff(
  database: Database,
  file: NormalisedFile,
  declared: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const found = (await columnsOf(database, `SELECT * FROM ${readSniffed(file, declared)}`)).slice(1);
  const typed = file.header.flatMap((name, at) => {
    const type = found[at]?.type ?? 'VARCHAR';
    return type === 'VARCHAR' ? [] : [{ name, type, kept: keepsEveryValue(quoteName(name), type) }];
  });
  if (typed.length === 0) return new Map();
  const checks = typed.map(({ kept }) => `coalesce(bool_and(${kept}), true)`).join(', ');
  const [answers] = await database.rows(`SELECT ${checks} FROM ${readTyped(file, [])}`);
  return new Map(typed.filter((_, at) => answers?.[at] === true).map(({ name, type }) => [name, type]));
}

/**
 * SQL that is true where a column of text means to DuckDB what it means to people. Its sniffer also takes codes for
 * numbers, the letters T and F for booleans, 01-02-2020 for a day of its choice, and rounds long numbers.
 */
export function keepsEveryValue(column: string, type: string): string {
  const matches = (pattern: string) => `regexp_full_match(${column}, ${quoteText(pattern)})`;
  const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
  const time = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?';
  switch (type) {
    case 'BIGINT':
      return `CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR) IS NOT DISTINCT FROM ${column}`;
    case 'DOUBLE':
      // A double holds 15 decimal digits; a longer whole number is a code or would be rounded.
      return `(${matches('-?(0|[1-9][0-9]*)?[.][0-9]+([eE][+-]?[0-9]+)?')} OR ${matches('-?(0|[1-9][0-9]{0,14})([eE][+-]?[0-9]+)?')})`;
    case 'BOOLEAN':
      return `lower(${column}) IN ('true', 'false')`;
    case 'DATE':
      return matches(day);
    case 'TIME':
      return matches(time);
    case 'TIMESTAMP':
      return matches(`${day}[ T]${time}`);
    case 'TIMESTAMP WITH TIME ZONE':
      return matches(`${day}[ T]${time} ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)`);
    default:
      return 'false';
  }
}
