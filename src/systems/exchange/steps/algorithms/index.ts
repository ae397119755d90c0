import type { Algorithm } from './algorithm.js';
import { average } from './average.js';
import { count } from './count.js';
import { correlation, covariance } from './covariance.js';
import { greatest, least } from './extremes.js';
import { histogram } from './histogram.js';
import { linearRegression } from './linear-regression.js';
import { logisticRegression } from './logistic-regression.js';
import { quantiles } from './quantiles.js';
import { sum } from './sum.js';
import { variance } from './variance.js';

export type { Algorithm, Bins, Cell, ColumnExpression, PartialState } from './algorithm.js';
export { isFloating, isNumeric } from './types.js';

/** The algorithms that the step `sql-algorithm` knows, by name. */
export const algorithms: ReadonlyMap<string, Algorithm> = new Map(
  [
    ...[average, count, sum, variance, histogram, quantiles, least, greatest],
    ...[covariance, correlation, linearRegression, logisticRegression],
  ].map((algorithm) => [algorithm.name, algorithm]),
);
