import type { Fit } from '../../model/fit.js';
import { quoteNumber, range } from '../sql.js';
import type { ColumnExpression } from './algorithm.js';
import { pairs } from './moments.js';

/**
 * One round of a logistic regression as SQL over `from`: rows, log-likelihood, the sum of squared weights, the gradient, and
 * the information as an upper triangle. With e the exponential of −|η| nothing overflows, and 1 − p loses no digit.
 */
export function logisticSelect(columns: readonly ColumnExpression[], from: string, fit: Fit): string {
  const [outcome, ...predictors] = columns.map(({ sql }) => `CAST(${sql} AS DOUBLE)`);
  const names = range(predictors.length, 'z');
  const [constant = 0, ...slopes] = fit.coefficients.map(quoteNumber);
  const scaled = predictors.map(
    (sql, at) =>
      `(${sql} - ${quoteNumber(fit.centres[at] ?? 0)}) / ${quoteNumber(fit.scales[at] ?? 1)} AS z${at}`,
  );
  const linear = [constant, ...names.map((name, at) => `${slopes[at]} * ${name}`)].join(' + ');
  const all = names.join(', ');
  const rows = `SELECT ${[`${outcome} AS y`, ...scaled].join(', ')}\nFROM ${from}`;
  const predicted = `SELECT y, ${all}, ${linear} AS eta FROM (${rows})`;
  const exponential = `SELECT *, exp(-abs(eta)) AS e FROM (${predicted})`;
  const residual = 'y - CASE WHEN eta >= 0 THEN 1 / (1 + e) ELSE e / (1 + e) END AS r';
  const likelihood = 'least((2 * y - 1) * eta, 0) - ln(1 + e) AS l';
  const weighted = `SELECT ${all}, ${residual}, e / ((1 + e) * (1 + e)) AS w, ${likelihood} FROM (${exponential})`;
  const terms = ['1', ...names];
  const sums = [
    ...['l', 'w * w'],
    ...terms.map((term) => product('r', term)),
    ...pairs(terms.length).map(([i, j]) => product('w', terms[i], terms[j])),
  ].map((summed) => `fsum(${summed})`);
  return `SELECT false, count(*), ${sums.join(', ')}\nFROM (${weighted})`;
}

function product(...factors: readonly (string | undefined)[]): string {
  return factors.filter((factor) => factor !== '1').join(' * ');
}
