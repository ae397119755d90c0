import type { DataSet } from './data-set.js';
import { measuresOf } from './measures.js';
import { splitColumn } from './names.js';
import { quoteName } from './quote-name.js';

/**
 * The name that each `Table.column` has in the default query: the bare one, but the full one where two tables have
 * a column of that name. (DuckDB compares names without case.)
 */
export function resultColumnNames(columns: readonly string[]): ReadonlyMap<string, string> {
  const unique = [...new Set(columns)];
  const uses = new Map<string, number>();
  const bareOf = (column: string) => splitColumn(column).column;
  for (const column of unique) {
    const key = bareOf(column).toLowerCase();
    uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return new Map(
    unique.map((column) => {
      const bare = bareOf(column);
      return [column, uses.get(bare.toLowerCase()) === 1 ? bare : column];
    }),
  );
}

/** The columns that a request without a query reads: the units, then those its algorithm names; each once. */
export function neededColumns(
  dataSet: Pick<DataSet, 'unit'>,
  algorithm: Parameters<typeof measuresOf>[0] & { readonly groupBy: readonly string[] },
): string[] {
  return [...new Set([...dataSet.unit, ...algorithm.groupBy, ...measuresOf(algorithm)])];
}

/** `SELECT <columns> FROM <from>`; the columns as `Table.column`, named by `resultColumnNames`. */
export function defaultQuery(columns: readonly string[], from: string): string {
  const selected = [...resultColumnNames(columns)].map(([full, name]) => {
    const { table, column } = splitColumn(full);
    return `${quoteName(table)}.${quoteName(column)} AS ${quoteName(name)}`;
  });
  return `SELECT ${selected.join(', ')} FROM ${from}`;
}
