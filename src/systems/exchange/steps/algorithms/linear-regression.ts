import type { Algorithm, Cell, FinishedAs, PartialState } from './algorithm.js';
import { assertIndependent } from './collinear.js';
import { correlated } from './correlated.js';
import { matrices } from './matrices.js';
import { type Moments, momentPartials, momentsOf } from './moments.js';
import { assertEnoughRows, intercept } from './regression-terms.js';

/**
 * Ordinary least squares with an intercept: the first column explained by the others. It is computed from the moments of all
 * columns, so that the fit over several providers is that over all their rows together. The normal equations are solved in
 * a centred and scaled form (correlations in place of X'X), where columns of other units and large means do no harm.
 *
 * Standard errors are those of the classical model; see any text, such as Draper and Smith, "Applied regression analysis".
 */
export const linearRegression: Algorithm = {
  name: 'linearRegression',
  column: 'numeric',
  several: true,
  ...momentPartials,
  finish: (state, asked) => rowsOf(state, asked),
};

function rowsOf(state: PartialState, asked: FinishedAs): Readonly<Record<string, Cell>>[] {
  const [, ...predictors] = asked.columns;
  assertEnoughRows(state.rows, predictors.length, asked.group);
  const degreesOfFreedom = state.rows - predictors.length - 1;
  const moments = momentsOf(state);
  const { coefficients, errors, residual, total } = solve(moments, predictors, asked.group);
  const fit = {
    rSquared: total === 0 ? null : 1 - residual / total,
    residualStandardError: Math.sqrt(residual / degreesOfFreedom),
    degreesOfFreedom,
    rows: state.rows,
  };
  return [intercept, ...predictors].map((term, at) => {
    const coefficient = coefficients[at] ?? Number.NaN;
    const standardError = Math.sqrt(residual / degreesOfFreedom) * (errors[at] ?? Number.NaN);
    return {
      term,
      coefficient,
      standardError,
      tValue: standardError === 0 ? null : coefficient / standardError,
      ...fit,
    };
  });
}

interface Solution {
  /** The intercept, then one for each predictor. */
  readonly coefficients: readonly number[];
  /** Standard errors, in units of the residual standard error. */
  readonly errors: readonly number[];
  /** Sums of squares: of what is left, and of the outcome about its mean. */
  readonly residual: number;
  readonly total: number;
}

function solve(moments: Moments, predictors: readonly string[], group: string): Solution {
  const { CholeskyDecomposition, Matrix } = matrices();
  const { rows, means, coMoments } = moments;
  const at = (i: number, j: number) => coMoments[i]?.[j] ?? 0;
  const total = at(0, 0);
  const [outcomeMean = 0, ...centres] = means;
  const { scales, correlations } = correlated(moments);
  const scale = (i: number) => scales[i] || 1;
  assertIndependent(correlations, predictors, group);
  const withOutcome = Matrix.columnVector(predictors.map((_, i) => at(i + 1, 0) / scale(i)));
  const decomposed = new CholeskyDecomposition(correlations);
  const first = decomposed.solve(withOutcome);
  // one step of refinement takes back what the decomposition lost
  const scaled = Matrix.add(first, decomposed.solve(Matrix.sub(withOutcome, correlations.mmul(first))));
  const slopes = predictors.map((_, i) => scaled.get(i, 0) / scale(i));
  const inverse = decomposed.solve(Matrix.eye(predictors.length));
  const shifts = Matrix.columnVector(predictors.map((_, i) => (centres[i] ?? 0) / scale(i)));
  const explained = scaled.dot(withOutcome) * 2 - scaled.dot(correlations.mmul(scaled));
  return {
    coefficients: [slopes.reduce((sum, slope, i) => sum - slope * (centres[i] ?? 0), outcomeMean), ...slopes],
    errors: [
      Math.sqrt(1 / rows + shifts.dot(inverse.mmul(shifts))),
      ...predictors.map((_, i) => Math.sqrt(inverse.get(i, i)) / scale(i)),
    ],
    residual: Math.max(0, total - explained),
    total,
  };
}
