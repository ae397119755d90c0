import { toNumber } from '../quantity.js';
import type { Algorithm } from './algorithm.js';
import { summing, sumOf } from './sums.js';

/** The sum of the column's values. */
export const sum: Algorithm = {
  name: 'sum',
  column: 'numeric',
  ...summing,
  finish: (state) => [{ sum: toNumber(sumOf(state)), rows: state.rows }],
};
