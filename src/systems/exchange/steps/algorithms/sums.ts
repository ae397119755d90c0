import { addQuantities, exactQuantity, type Quantity } from '../quantity.js';
import type { Algorithm, Cell, ColumnExpression, PartialState } from './algorithm.js';
import { isExact } from './types.js';

/**
 * The aggregates of algorithms that rest on a sum. Exact sums come as text with every digit; doubles are added with
 * Kahan's compensation (DuckDB's `fsum`), so that the order of rows changes the last digit at most.
 */
export function sumAggregates([column]: readonly ColumnExpression[]): readonly string[] {
  if (column === undefined) throw new TypeError('A sum needs a column.');
  return isExact(column.type)
    ? [`count(${column.sql})`, `CAST(sum(${column.sql}) AS VARCHAR)`]
    : [`count(${column.sql})`, `fsum(${column.sql})`];
}

/** Reads what `sumAggregates` computed. */
export function readSum([rows, sum]: readonly Cell[]): PartialState {
  return { rows: Number(rows), sum: quantity(sum ?? null) };
}

/** Adds rows and sums. */
export function mergeSums(left: PartialState, right: PartialState): PartialState {
  return { rows: left.rows + right.rows, sum: addQuantities(sumOf(left), sumOf(right)) };
}

/** The sum of a state; zero where it has no rows. */
export function sumOf(state: PartialState): Quantity {
  return state.sum ?? { exact: '0', scale: 0 };
}

/** A sum as DuckDB gives it: text where exact, a number where double. */
export function quantity(value: Cell): Quantity {
  if (typeof value === 'number') return { double: value };
  return value === null ? { exact: '0', scale: 0 } : exactQuantity(String(value));
}

/** What algorithms that rest on a sum share. */
export const summing: Pick<Algorithm, 'aggregates' | 'read' | 'merge'> = {
  aggregates: sumAggregates,
  read: readSum,
  merge: mergeSums,
};
