import type { Algorithm } from './algorithm.js';

/** The number of rows; with a column, of rows in which it has a value. */
export const count: Algorithm = {
  name: 'count',
  column: 'optional',
  aggregates: ([column]) => [column === undefined ? 'count(*)' : `count(${column.sql})`],
  read: ([rows]) => ({ rows: Number(rows) }),
  merge: (left, right) => ({ rows: left.rows + right.rows }),
  finish: (state) => [{ count: state.rows }],
};
