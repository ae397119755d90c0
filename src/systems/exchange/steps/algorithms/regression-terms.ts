import { StarlingError } from '../../../../kernel/errors/index.js';

/** The term of a model that no column stands for. */
export const intercept = '(intercept)';

/** Throws `no-fit` where there are no more rows than coefficients. */
export function assertEnoughRows(rows: number, predictors: number, group: string): void {
  if (rows > predictors + 1) return;
  throw new StarlingError(
    'no-fit',
    `There are ${rows} rows${group}, too few for a regression with ${predictors} predictors. Leave predictors out, or divide by fewer groups.`,
  );
}
