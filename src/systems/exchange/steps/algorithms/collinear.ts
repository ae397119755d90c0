import type { Matrix } from 'ml-matrix';
import { StarlingError } from '../../../../kernel/errors/index.js';

/** A predictor of whose spread the others leave less than this share is taken for a combination of them. */
const leastOwnShare = 1e-11;
/** A weight that counts, in units of the predictors' own spread. */
const leastWeight = 1e-6;

/**
 * Throws `no-fit` where a predictor has the same value in every row, or is a linear combination of those before it, and
 * names them.
 *
 * @param correlations of the predictors, in their order; the diagonal of one without spread is 0
 * @param group where that is, as in ` in group Geslacht = M`; empty where there is one group
 */
export function assertIndependent(correlations: Matrix, predictors: readonly string[], group: string): void {
  const left = correlations.to2DArray();
  const own = (i: number, j: number) => left[i]?.[j] ?? 0;
  for (const [at, name] of predictors.entries()) {
    if (correlations.get(at, at) === 0) throw constant(name, group);
    if (own(at, at) < leastOwnShare) {
      const others = predictors.slice(0, at).filter((_, i) => Math.abs(own(i, at)) > leastWeight);
      throw combination(name, others, group);
    }
    sweep(left, at);
  }
}

/** The sweep operator (Beaton 1964): column `at` then has its regression on those swept before, and the rest what they leave. */
function sweep(matrix: number[][], at: number): void {
  const pivot = matrix[at] ?? [];
  const divisor = pivot[at] ?? 1;
  const scaled = pivot.map((value) => value / divisor);
  for (const [i, row] of matrix.entries()) {
    if (i === at) continue;
    const factor = row[at] ?? 0;
    for (const [j, value] of row.entries()) {
      row[j] = j === at ? -factor / divisor : value - factor * (scaled[j] ?? 0);
    }
  }
  matrix[at] = scaled.map((value, j) => (j === at ? 1 / divisor : value));
}

function constant(name: string, group: string): StarlingError {
  return new StarlingError(
    'no-fit',
    `Predictor ${name} has the same value in every row${group}, so it explains nothing. Leave it out.`,
    { details: { predictors: [name] } },
  );
}

function combination(name: string, others: readonly string[], group: string): StarlingError {
  return new StarlingError(
    'no-fit',
    `Predictor ${name} is a linear combination of ${others.join(', ')}${group}, so that no fit can tell them apart. Leave one of them out.`,
    { details: { predictors: [...others, name] } },
  );
}
