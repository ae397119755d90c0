import { addQuantities, atScale, divide, isWhole, type Quantity, quantityOver } from '../quantity.js';
import type { Algorithm, ColumnExpression, PartialState } from './algorithm.js';
import { quantity, sumOf } from './sums.js';
import { isInteger, productType } from './types.js';

/**
 * The sample variance, and with it mean and standard deviation. Whole numbers are carried as Σx and Σx² and are exact
 * until the last division. Other numbers are carried as mean and sum of squared differences, which do not cancel, and
 * are merged by the rule of Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for computing
 * sample variances".
 */
export const variance: Algorithm = {
  name: 'variance',
  column: 'numeric',
  aggregates: ([column]) => {
    const { sql, type } = required(column);
    if (isInteger(type)) {
      const wide = productType([{ type }]);
      const squares = `sum(CAST(${sql} AS ${wide}) * CAST(${sql} AS ${wide}))`;
      return [`count(${sql})`, `CAST(sum(${sql}) AS VARCHAR)`, `CAST(${squares} AS VARCHAR)`, 'NULL', 'NULL'];
    }
    return [
      `count(${sql})`,
      'NULL',
      'NULL',
      `avg(CAST(${sql} AS DOUBLE))`,
      `var_pop(CAST(${sql} AS DOUBLE)) * count(${sql})`,
    ];
  },
  read: ([rows, sum, squares, mean, squaredDifferences]) =>
    typeof mean === 'number' && typeof squaredDifferences === 'number'
      ? { rows: Number(rows), mean, squaredDifferences }
      : { rows: Number(rows), sum: quantity(sum ?? null), squares: quantity(squares ?? null) },
  isSound: ({ rows, sum, squares, mean, squaredDifferences }) =>
    rows === 0 ||
    (sum !== undefined && squares !== undefined
      ? isWhole(sum) && isWhole(squares)
      : mean !== undefined && squaredDifferences !== undefined),
  merge: (left, right) => {
    if (left.rows === 0) return right;
    if (right.rows === 0) return left;
    if (left.squares !== undefined && right.squares !== undefined) {
      return {
        rows: left.rows + right.rows,
        sum: addQuantities(sumOf(left), sumOf(right)),
        squares: addQuantities(left.squares, right.squares),
      };
    }
    return mergeMoments(moments(left), moments(right));
  },
  finish: (state) => {
    const value = state.rows < 2 ? null : sampleVariance(state);
    return [
      {
        variance: value,
        standardDeviation: value === null ? null : Math.sqrt(value),
        mean: state.rows === 0 ? null : meanOf(state),
        rows: state.rows,
      },
    ];
  },
};

interface Moments extends PartialState {
  readonly mean: number;
  readonly squaredDifferences: number;
}

function mergeMoments(left: Moments, right: Moments): Moments {
  const rows = left.rows + right.rows;
  const difference = right.mean - left.mean;
  return {
    rows,
    mean: left.mean + (difference * right.rows) / rows,
    squaredDifferences:
      left.squaredDifferences +
      right.squaredDifferences +
      (difference * difference * left.rows * right.rows) / rows,
  };
}

function moments(state: PartialState): Moments {
  const spread = state.squaredDifferences ?? (state.rows < 2 ? 0 : sampleVariance(state) * (state.rows - 1));
  return { rows: state.rows, mean: meanOf(state), squaredDifferences: spread };
}

function meanOf(state: PartialState): number {
  return state.mean ?? quantityOver(sumOf(state), state.rows);
}

function sampleVariance(state: PartialState): number {
  if (state.squaredDifferences !== undefined) return state.squaredDifferences / (state.rows - 1);
  const rows = BigInt(state.rows);
  const sum = whole(sumOf(state));
  const squares = whole(state.squares ?? { exact: '0', scale: 0 });
  return divide(rows * squares - sum * sum, rows * (rows - 1n));
}

function whole(value: Quantity): bigint {
  if ('double' in value) throw new TypeError('Sums of squares of whole numbers are exact.');
  return atScale(value, 0);
}

function required(column: ColumnExpression | undefined): ColumnExpression {
  if (column === undefined) throw new TypeError('A variance needs a column.');
  return column;
}
