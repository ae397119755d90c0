import type { Explanation } from '../../systems/exchange/explain/explanation.js';
import type { NormalRequest } from '../../systems/exchange/model/index.js';
import { measureLabels } from '../../systems/exchange/model/measures.js';

/** `average of Aanstellingen.Salschal by Personen.Geslacht, of wageGap (sqlDataRequest)`; `rows of …` without an algorithm. */
export function questionText(question: Explanation['question'] | NormalRequest): string {
  const { algorithm, dataSet, requestType } = question;
  const where = `of ${dataSet} (${requestType})`;
  if (algorithm === undefined) return `Rows ${where}`;
  const { name, groupBy, total, bins } = algorithm;
  const { predictors } = algorithm;
  const [first = '', ...others] = measureLabels(algorithm);
  const columns =
    predictors === undefined ? [first, ...others].join(', ') : `${first} on ${others.join(', ')}`;
  const what = columns === '' ? name : `${name} of ${columns}`;
  const by = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`;
  const origin = bins?.origin === undefined ? '' : ` from ${bins.origin}`;
  const width = bins === undefined ? '' : `, in bins of ${bins.width}${origin}`;
  const sentence = `${what}${by}${width}${total ? ', with the total' : ''}, ${where}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
