import { quoteName, quoteText } from '../../sql-text/index.js';
import type { Reject } from '../csv/index.js';
import { detailedRejects } from '../csv/index.js';
import type { ColumnPlan } from './column-types.js';
import { type Database, numberOf } from './database.js';
import { lineIdentifier, type NormalisedFile, readTyped } from './normalised-file.js';

/** Rejected records of a table: all counted, the first told. */
export interface Rejects {
  readonly count: number;
  readonly first: readonly Reject[];
}

/**
 * SQL that gives the place (from 0) of the first column whose declared type cannot hold the record's value, else NULL;
 * `undefined` where no type is declared that could fail.
 */
export function firstMisfit(columns: readonly ColumnPlan[]): string | undefined {
  const cases = columns.flatMap(({ name, castTo }, at) => {
    if (castTo === undefined || castTo === 'VARCHAR') return [];
    return [`WHEN ${misfit(quoteName(name), castTo)} THEN ${at}`];
  });
  return cases.length === 0 ? undefined : `CASE ${cases.join(' ')} END`;
}

/** The records that a declared type rejects. Reasons name the column and never the value. */
export async function rejectsOfTypes(
  database: Database,
  file: NormalisedFile,
  columns: readonly ColumnPlan[],
): Promise<Rejects> {
  const which = firstMisfit(columns);
  if (which === undefined) return { count: 0, first: [] };
  const from = readTyped(
    file,
    columns.map(({ readAs }) => readAs),
  );
  // The names are seen only outside the inner query, where no column of the source can take their place.
  const marked = `SELECT ${lineIdentifier(file)} AS source_line, ${which} AS misfit FROM ${from}`;
  const bad = `FROM (${marked}) WHERE misfit IS NOT NULL`;
  const count = await numberOf(database, `SELECT count(*) ${bad}`);
  if (count === 0) return { count, first: [] };
  const rows = await database.rows(
    `SELECT source_line, misfit ${bad} ORDER BY source_line LIMIT ${detailedRejects}`,
  );
  return {
    count,
    first: rows.map(([line, at]) => {
      const column = columns[Number(at)];
      return { line: Number(line), reason: `The value of column "${column?.name}" is no ${column?.castTo}.` };
    }),
  };
}

function misfit(column: string, type: string): string {
  const form = formOf(type);
  const wrongForm = form === undefined ? '' : ` OR NOT regexp_full_match(${column}, ${quoteText(form)})`;
  return `${column} IS NOT NULL AND (TRY_CAST(${column} AS ${type}) IS NULL${wrongForm})`;
}

/** What a value must look like where a cast would round it: DuckDB casts '1.5' to the integer 2. */
function formOf(type: string): string | undefined {
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return '\\s*[+-]?[0-9]+\\s*';
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1];
  return scale === undefined ? undefined : `\\s*[+-]?[0-9]*([.][0-9]{0,${scale}}0*)?\\s*`;
}
