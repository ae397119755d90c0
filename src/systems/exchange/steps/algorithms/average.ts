import { quantityOver } from '../quantity.js';
import type { Algorithm } from './algorithm.js';
import { summing, sumOf } from './sums.js';

/** The arithmetic mean. Merged from sums and counts: the mean of means is not the mean of all. */
export const average: Algorithm = {
  name: 'average',
  column: 'numeric',
  ...summing,
  finish: (state) => [
    { average: state.rows === 0 ? null : quantityOver(sumOf(state), state.rows), rows: state.rows },
  ],
};
