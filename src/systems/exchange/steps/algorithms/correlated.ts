import type { Matrix } from 'ml-matrix';
import { matrices } from './matrices.js';
import type { Moments } from './moments.js';

/** The predictors of a regression, which are the columns of its moments after the first. */
export interface Correlated {
  /** Square roots of their sums of squared differences from the mean; 0 for one that has the same value everywhere. */
  readonly scales: readonly number[];
  /** With a diagonal of 1, and of 0 for one without spread. */
  readonly correlations: Matrix;
}

/** How the predictors of a regression go with one another. */
export function correlated({ means, coMoments }: Moments): Correlated {
  const at = (i: number, j: number) => coMoments[i + 1]?.[j + 1] ?? 0;
  const size = means.length - 1;
  const scales = Array.from({ length: size }, (_, i) => Math.sqrt(at(i, i)));
  const scale = (i: number) => scales[i] || 1;
  const correlations = matrices().Matrix.zeros(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      correlations.set(i, j, i === j && scales[i] !== 0 ? 1 : at(i, j) / (scale(i) * scale(j)));
    }
  }
  return { scales, correlations };
}
