import { quoteText } from '../sql-text/index.js';
import { type Aggregate, pseudonymNumber } from '../steps/index.js';
import type { RunDatabase } from './database.js';
import type { QueryOrder, TransferOrder } from './order.js';
import type { OutputColumn } from './query-plan.js';
import { tooManyRows } from './stream-rows.js';

/** Types that Parquet has no counterpart of, which DuckDB would write as floating numbers. */
const wideTypes = new Set(['HUGEINT', 'UHUGEINT']);

/**
 * The columns that a compute provider needs for an aggregate, and no more, by position: `u0…` persons under pseudonyms
 * that only this provider could make, `g0…` groups in the order asked, `m0…` measures. Rows without a value take no part in
 * it, and stay.
 *
 * @param typeOf the type of the query's column at a position
 */
export function transferredRows(
  aggregate: Aggregate,
  { keys }: TransferOrder,
  typeOf: (position: number) => string,
): { readonly output: readonly OutputColumn[]; readonly where: string } {
  const { units, groups, measures } = aggregate;
  const output = [
    ...units.map((sql, at) => ({
      name: `u${at}`,
      sql: pseudonymNumber(sql, typeOf(Number(sql.slice(1))), keys),
    })),
    ...groups.map(({ sql }, at) => ({ name: `g${at}`, sql })),
    ...measures.map(({ sql, type }, at) => ({ name: `m${at}`, sql: exactly(sql, type) })),
  ];
  const present = measures.map(({ sql }) => `${sql} IS NOT NULL`);
  // a count of all rows needs no column, and a table has at least one
  return {
    output: output.length > 0 ? output : [{ name: 'row', sql: 'true' }],
    where: present.length === 0 ? '' : `\nWHERE ${present.join(' AND ')}`,
  };
}

/**
 * Writes the rows of an authorised statement as Parquet into the order's pipe, no faster than it is read.
 *
 * @returns the number of rows; throws `result-too-large` where there are more than the order allows
 */
export async function writeTransfer(
  database: RunDatabase,
  statement: string,
  { transfer, limits }: Pick<QueryOrder, 'transfer' | 'limits'>,
): Promise<number> {
  const target = quoteText(transfer?.pipe ?? '');
  const copy = `COPY (${statement}\n) TO ${target} (FORMAT parquet, USE_TMP_FILE false)`;
  const { rowsChanged } = await database.connection.run(copy);
  // the agent holds back the end of the stream until this is known
  if (rowsChanged > limits.rows) throw tooManyRows(limits);
  return rowsChanged;
}

function exactly(sql: string, type: string): string {
  return wideTypes.has(type) ? `CAST(${sql} AS DECIMAL(38, 0))` : sql;
}
