import { compareQuantities, toNumber } from '../quantity.js';
import type { Algorithm, ColumnExpression, PartialState } from './algorithm.js';
import { quantity } from './sums.js';
import { isExact } from './types.js';

/** The smallest value of the column. It is one person's, so it leaves only where the agreement allows extremes. */
export const least: Algorithm = extreme('min', (order) => order <= 0);

/** The largest value of the column; the same holds. */
export const greatest: Algorithm = extreme('max', (order) => order >= 0);

function extreme(name: 'min' | 'max', keepsLeft: (order: number) => boolean): Algorithm {
  return {
    name,
    column: 'numeric',
    extreme: true,
    aggregates: ([column]) => {
      const { sql, type } = required(column);
      const value = `${name}(${sql})`;
      return [`count(${sql})`, isExact(type) ? `CAST(${value} AS VARCHAR)` : `CAST(${value} AS DOUBLE)`];
    },
    read: ([rows, value]) =>
      value === null || value === undefined
        ? { rows: Number(rows) }
        : { rows: Number(rows), extreme: quantity(value) },
    merge: (left, right) => ({ rows: left.rows + right.rows, ...chosen(left, right, keepsLeft) }),
    finish: (state) => [
      { [name]: state.extreme === undefined ? null : toNumber(state.extreme), rows: state.rows },
    ],
  };
}

function chosen(
  left: PartialState,
  right: PartialState,
  keepsLeft: (order: number) => boolean,
): Pick<PartialState, 'extreme'> {
  if (left.extreme === undefined) return right.extreme === undefined ? {} : { extreme: right.extreme };
  if (right.extreme === undefined) return { extreme: left.extreme };
  return {
    extreme: keepsLeft(compareQuantities(left.extreme, right.extreme)) ? left.extreme : right.extreme,
  };
}

function required(column: ColumnExpression | undefined): ColumnExpression {
  if (column === undefined) throw new TypeError('An extreme needs a column.');
  return column;
}
