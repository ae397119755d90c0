import { type DataSet, type NormalRequest, splitColumn } from '../model/index.js';
import type { AnswerTable, Cell } from '../steps/index.js';

/**
 * The figures of a table by the names that the data set declares for them; `undefined` where it declares none that
 * fits. A figure that was withheld has no name here: absent, not zero.
 */
export function namedResults(
  table: AnswerTable,
  algorithm: NonNullable<NormalRequest['algorithm']>,
  dataSet: DataSet,
): Readonly<Record<string, Cell>> | undefined {
  const groupBy = [...algorithm.groupBy].sort();
  const named: Record<string, Cell> = {};
  for (const declared of dataSet.resultNames ?? []) {
    if (declared.algorithm !== algorithm.name || declared.column !== algorithm.column) continue;
    if (Object.keys(declared.group).sort().join('\n') !== groupBy.join('\n')) continue;
    const row = table.rows.find(
      (candidate) =>
        candidate.total !== true &&
        Object.entries(declared.group).every(([column, value]) =>
          same(candidate[column] ?? candidate[splitColumn(column).column], value),
        ),
    );
    const value = row?.[algorithm.name];
    if (value !== undefined) named[declared.name] = value;
  }
  return Object.keys(named).length === 0 ? undefined : named;
}

function same(left: Cell | undefined, right: Cell): boolean {
  return (
    left === right ||
    (left !== null && left !== undefined && right !== null && String(left) === String(right))
  );
}
