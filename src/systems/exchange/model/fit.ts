import { z } from 'zod';
import { mostColumns } from './algorithm.js';
import { mostRounds } from './most-rounds.js';

const finite = z.number().min(-1e300).max(1e300);
const perTerm = z.array(finite).min(1).max(mostColumns);
const perPredictor = z
  .array(finite)
  .min(1)
  .max(mostColumns - 1);

/**
 * Where a fit is after some rounds: all that the next round computes with. Coefficients are those of predictors less their
 * centre, over their scale: the intercept, then one for each predictor.
 */
export const fit = z.strictObject({
  round: z.int().min(1).max(mostRounds),
  centres: perPredictor,
  scales: perPredictor,
  coefficients: perTerm,
  /** The best coefficients so far, which those of this round must not fall behind. */
  previous: z.strictObject({ coefficients: perTerm, logLikelihood: finite }).exactOptional(),
});
export type Fit = z.infer<typeof fit>;
