import type { Matrix } from 'ml-matrix';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { Fit } from '../../model/fit.js';
import { mostRounds } from '../../model/most-rounds.js';
import type { Algorithm, Cell, FinishedAs, PartialState } from './algorithm.js';
import { assertIndependent } from './collinear.js';
import { correlated } from './correlated.js';
import { logisticSelect } from './logistic-select.js';
import { matrices } from './matrices.js';
import { areMoments, momentPartials, momentsOf, pairs, square } from './moments.js';
import { assertEnoughRows, intercept } from './regression-terms.js';

/** A step that is smaller than this, beside the coefficients, is the last. */
const smallestStep = 1e-8;
/** Log-likelihoods that differ by less, relative to them, are the same. */
const smallestLoss = 1e-10;
/** A coefficient beyond it, per standard deviation of its predictor, stands for certainty. */
const largestCoefficient = 30;
/** A log-likelihood of this much for each row is that of a fit which foresees every outcome. */
const certainty = -1e-8;

/**
 * Logistic regression with an intercept: whether the first column is 1 and not 0, explained by the others. The first pass over
 * the rows gives moments; then each round of Newton's method (iteratively reweighted least squares; McCullagh and Nelder 1989,
 * "Generalized linear models", 2.5) gives log-likelihood, its gradient and the information at the coefficients so far. These
 * are sums over rows, so that the fit over several providers is that over all their rows. A step that would make the fit worse
 * is halved.
 */
export const logisticRegression: Algorithm = {
  name: 'logisticRegression',
  column: 'numeric',
  several: true,
  aggregates: (columns) => {
    const [outcome] = columns;
    const other = `coalesce(bool_or(${outcome?.sql} <> 0 AND ${outcome?.sql} <> 1), false)`;
    return [...momentPartials.aggregates(columns), other];
  },
  select: logisticSelect,
  read: (values, fit) => (fit === undefined ? readMoments(values) : readRound(values, fit)),
  merge: (left, right) => {
    if (left.rows === 0) return right;
    if (right.rows === 0) return left;
    return left.gradient === undefined ? mergeMoments(left, right) : mergeRounds(left, right);
  },
  isSound: (state, columns, fit) =>
    fit === undefined
      ? areMoments(state, columns)
      : state.rows === 0 ||
        (state.logLikelihood !== undefined &&
          state.gradient?.length === columns &&
          state.information?.length === pairs(columns).length),
  conceal: assertSpread,
  next: (state, asked) => {
    const { fit } = asked;
    return fit === undefined ? begin(state, asked) : improved(state, fit, asked);
  },
  finish: (state, asked) => rowsOf(state, asked),
};

function readMoments(values: readonly Cell[]): PartialState {
  const state = momentPartials.read(values.slice(0, -1));
  return values.at(-1) === true ? { ...state, otherOutcomes: true } : state;
}

function readRound([rows, ...sums]: readonly Cell[], { coefficients }: Fit): PartialState {
  if (Number(rows) === 0) return { rows: 0 };
  const [logLikelihood = 0, squaredWeights = 0, ...others] = sums.map(Number);
  const terms = coefficients.length;
  return {
    rows: Number(rows),
    logLikelihood,
    squaredWeights,
    gradient: others.slice(0, terms),
    information: others.slice(terms),
  };
}

function mergeMoments(left: PartialState, right: PartialState): PartialState {
  const state = momentPartials.merge(left, right);
  return left.otherOutcomes || right.otherOutcomes ? { ...state, otherOutcomes: true } : state;
}

function mergeRounds(left: PartialState, right: PartialState): PartialState {
  return {
    rows: left.rows + right.rows,
    logLikelihood: (left.logLikelihood ?? 0) + (right.logLikelihood ?? 0),
    gradient: added(left.gradient, right.gradient),
    information: added(left.information, right.information),
  };
}

function added(left: readonly number[] = [], right: readonly number[] = []): number[] {
  return left.map((value, at) => value + (right[at] ?? 0));
}

/**
 * The weights of a round are those of rows whose outcome is open at its coefficients. Where they lie on a few rows, what the
 * round tells is of those: coefficients that were made up could so pick persons out. So the weights have to be worth those of
 * as many rows as the minimum, by Kish's effective sample size (Σw)² / Σw².
 */
function assertSpread({ squaredWeights, ...state }: PartialState, minimum: number): PartialState {
  if (squaredWeights === undefined) return state;
  const [weight = 0] = state.information ?? [];
  if (minimum <= 1 || weight * weight >= minimum * squaredWeights) return state;
  throw new StarlingError(
    'no-fit',
    `The fit came to rest on fewer than ${minimum} rows: for all others the predictors nearly decide the outcome. Leave predictors out.`,
  );
}

function begin(state: PartialState, { columns, group }: FinishedAs): Fit {
  const [outcome = '', ...predictors] = columns;
  if (state.otherOutcomes) throw notBinary(outcome, group);
  assertEnoughRows(state.rows, predictors.length, group);
  const moments = momentsOf(state);
  const [share = 0, ...centres] = moments.means;
  if (share <= 0 || share >= 1) throw oneOutcome(outcome, group);
  const { scales, correlations } = correlated(moments);
  assertIndependent(correlations, predictors, group);
  return {
    round: 1,
    centres,
    scales: scales.map((scale) => scale / Math.sqrt(state.rows)),
    coefficients: [Math.log(share / (1 - share)), ...predictors.map(() => 0)],
  };
}

/** Where to look next; `undefined` where the next step is the last. */
function improved(state: PartialState, fit: Fit, asked: FinishedAs): Fit | undefined {
  const { round, coefficients, previous } = fit;
  const { logLikelihood = Number.NaN } = state;
  const again = (next: Pick<Fit, 'coefficients' | 'previous'>): Fit => {
    if (round === mostRounds) throw noEnd(asked);
    return { ...fit, ...next, round: round + 1 };
  };
  if (
    previous !== undefined &&
    !(logLikelihood >= previous.logLikelihood - smallestLoss * Math.abs(previous.logLikelihood))
  ) {
    const half = coefficients.map((value, at) => (value + (previous.coefficients[at] ?? 0)) / 2);
    return again({ coefficients: half, previous });
  }
  const { step } = newton(state, asked);
  const next = coefficients.map((value, at) => value + (step[at] ?? 0));
  const largest = next.findIndex((value, at) => at > 0 && !(Math.abs(value) <= largestCoefficient));
  if (largest > 0) throw separated(asked, asked.columns[largest]);
  if (logLikelihood / state.rows > certainty) throw separated(asked);
  const last = step.every(
    (value, at) => Math.abs(value) <= smallestStep * Math.max(1, Math.abs(next[at] ?? 0)),
  );
  return last ? undefined : again({ coefficients: next, previous: { coefficients, logLikelihood } });
}

/** A Newton step, and the inverse of the information. */
function newton(
  { gradient = [], information = [] }: PartialState,
  asked: FinishedAs,
): { readonly step: readonly number[]; readonly inverse: Matrix } {
  const { CholeskyDecomposition, Matrix } = matrices();
  const matrix = new Matrix(square(information));
  const decomposed = new CholeskyDecomposition(matrix);
  if (![...gradient, ...information].every(Number.isFinite) || !decomposed.isPositiveDefinite())
    throw separated(asked);
  return {
    step: decomposed.solve(Matrix.columnVector([...gradient])).to1DArray(),
    inverse: decomposed.solve(Matrix.eye(gradient.length)),
  };
}

function rowsOf(state: PartialState, asked: FinishedAs): Readonly<Record<string, Cell>>[] {
  const { fit, columns } = asked;
  if (fit === undefined) throw new TypeError('A logistic regression is finished after its rounds.');
  const { step, inverse } = newton(state, asked);
  const scaled = fit.coefficients.map((value, at) => value + (step[at] ?? 0));
  const shares = fit.centres.map((centre, at) => centre / (fit.scales[at] ?? 1));
  // what the intercept is made of: itself, less each slope times its centre
  const toOrigin = matrices().Matrix.columnVector([1, ...shares.map((share) => -share)]);
  const terms = [intercept, ...columns.slice(1)];
  return terms.map((term, at) => {
    const scale = at === 0 ? 1 : (fit.scales[at - 1] ?? 1);
    const coefficient =
      at === 0
        ? shares.reduce((sum, share, i) => sum - share * (scaled[i + 1] ?? 0), scaled[0] ?? 0)
        : (scaled[at] ?? 0) / scale;
    const variance = at === 0 ? toOrigin.dot(inverse.mmul(toOrigin)) : inverse.get(at, at);
    const standardError = Math.sqrt(variance) / scale;
    return {
      term,
      coefficient,
      standardError,
      zValue: coefficient / standardError,
      oddsRatio: Math.exp(coefficient),
      logLikelihood: state.logLikelihood ?? null,
      rounds: fit.round,
      rows: state.rows,
    };
  });
}

function notBinary(outcome: string, group: string): StarlingError {
  return noFit(
    `Outcome ${outcome} has other values than 0 and 1${group}. Ask for one of the values of a group, as outcome { column, equals }.`,
  );
}

function oneOutcome(outcome: string, group: string): StarlingError {
  return noFit(`Outcome ${outcome} is the same in every row${group}, so there is nothing to explain.`);
}

function separated({ columns, group }: FinishedAs, predictor?: string): StarlingError {
  const [outcome] = columns;
  const by = predictor ?? 'The predictors together';
  return noFit(
    `${by} decide${predictor === undefined ? '' : 's'} the outcome ${outcome} wholly or nearly${group} (separation), so that no coefficient is large enough. Leave a predictor out.`,
  );
}

function noEnd({ columns, group }: FinishedAs): StarlingError {
  return noFit(
    `The fit of ${columns[0]} did not come to an end in ${mostRounds} rounds${group}: the predictors nearly decide the outcome, or are nearly combinations of one another. Leave a predictor out.`,
  );
}

function noFit(message: string): StarlingError {
  return new StarlingError('no-fit', message);
}
