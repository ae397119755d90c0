import type { Algorithm, Cell, FinishedAs, PartialState } from './algorithm.js';
import { type Moments, momentPartials, momentsOf, pairs } from './moments.js';

/**
 * The sample covariances Σ(x − x̄)(y − ȳ) / (n − 1) of several columns, a row for each pair, and for each column its variance.
 * Only rows that have a value of every column take part.
 */
export const covariance: Algorithm = {
  name: 'covariance',
  column: 'numeric',
  several: true,
  ...momentPartials,
  finish: (state, asked) =>
    rowsOf(state, asked, true, 'covariance', ({ rows, coMoments }, i, j) => {
      return rows < 2 ? null : (coMoments[i]?.[j] ?? 0) / (rows - 1);
    }),
};

/** Pearson's correlations of the same, a row for each pair; no value where a column has the same value in every row. */
export const correlation: Algorithm = {
  name: 'correlation',
  column: 'numeric',
  several: true,
  ...momentPartials,
  finish: (state, asked) =>
    rowsOf(state, asked, false, 'correlation', ({ coMoments }, i, j) => {
      const spread = Math.sqrt(coMoments[i]?.[i] ?? 0) * Math.sqrt(coMoments[j]?.[j] ?? 0);
      return spread === 0 ? null : Math.max(-1, Math.min(1, (coMoments[i]?.[j] ?? 0) / spread));
    }),
};

function rowsOf(
  state: PartialState,
  { columns }: FinishedAs,
  withItself: boolean,
  name: string,
  figure: (moments: Moments, i: number, j: number) => Cell,
): Readonly<Record<string, Cell>>[] {
  const moments = state.rows === 0 ? undefined : momentsOf(state);
  return pairs(columns.length)
    .filter(([i, j]) => withItself || i !== j)
    .map(([i, j]) => ({
      first: columns[i] ?? null,
      second: columns[j] ?? null,
      [name]: moments === undefined ? null : figure(moments, i, j),
      rows: state.rows,
    }));
}
