import { quoteNumber } from '../sql.js';
import type { Algorithm } from './algorithm.js';
import { isNumeric } from './types.js';

/**
 * How many rows fall into each bar: `from` ≤ value < `to` for numbers, one bar per value for anything else. A bar is a
 * released group of its own, so the minimum group size holds for each.
 */
export const histogram: Algorithm = {
  name: 'histogram',
  column: 'any',
  aggregates: ([column]) => [column === undefined ? 'count(*)' : `count(${column.sql})`],
  bin: (column, bins) => {
    if (!isNumeric(column.type)) return column.sql;
    const { width, origin } = bins ?? { width: 1, origin: 0 };
    return `CAST(floor((${column.sql} - ${quoteNumber(origin)}) / ${quoteNumber(width)}) AS DOUBLE)`;
  },
  read: ([rows]) => ({ rows: Number(rows) }),
  merge: (left, right) => ({ rows: left.rows + right.rows }),
  finish: (state, { bin, bins }) => {
    if (typeof bin !== 'number') return [{ value: bin ?? null, count: state.rows }];
    const { width, origin } = bins ?? { width: 1, origin: 0 };
    return [{ from: origin + bin * width, to: origin + (bin + 1) * width, count: state.rows }];
  },
};
