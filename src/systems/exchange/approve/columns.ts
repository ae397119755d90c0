import {
  type ColumnsByTable,
  type DataSet,
  type NormalRequest,
  neededColumns,
  splitColumn,
} from '../model/index.js';

/** Whether `Table.column` is among the allowed columns. */
export function allowsColumn(columns: Readonly<ColumnsByTable>, name: string): boolean {
  const { table, column } = splitColumn(name);
  const allowed = Object.hasOwn(columns, table) ? columns[table] : undefined;
  return allowed === '*' || (allowed?.includes(column) ?? false);
}

/**
 * The columns that the request is known to use and that are not allowed. Of a query written by the requester only
 * the columns of its algorithm are known here; the agent checks the rest on the plan of the statement.
 */
export function refusedColumns(
  request: NormalRequest,
  dataSet: DataSet,
  columns: Readonly<ColumnsByTable>,
): string[] {
  const algorithm = request.algorithm ?? { groupBy: [] };
  const used = request.queryGiven
    ? neededColumns({ unit: [] }, algorithm)
    : neededColumns(dataSet, algorithm);
  return used.filter((name) => !allowsColumn(columns, name)).sort();
}

/** The columns that both allow, for each table that both name. */
export function commonColumns(
  one: Readonly<ColumnsByTable>,
  other: Readonly<ColumnsByTable>,
): ColumnsByTable {
  const common: ColumnsByTable = {};
  for (const [table, columns] of Object.entries(one)) {
    const others = Object.hasOwn(other, table) ? other[table] : undefined;
    if (others === undefined) continue;
    const both =
      columns === '*'
        ? others
        : others === '*'
          ? columns
          : columns.filter((column) => others.includes(column));
    if (both === '*' || both.length > 0) common[table] = both;
  }
  return common;
}
