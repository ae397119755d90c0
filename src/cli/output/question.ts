import type { Explanation } from '../../systems/exchange/explain/explanation.js';
import type { NormalRequest } from '../../systems/exchange/model/index.js';

/** `average of Aanstellingen.Salschal by Personen.Geslacht, of wageGap (sqlDataRequest)`; `rows of …` without an algorithm. */
export function questionText(question: Explanation['question'] | NormalRequest): string {
  const { algorithm, dataSet, requestType } = question;
  const where = `of ${dataSet} (${requestType})`;
  if (algorithm === undefined) return `Rows ${where}`;
  const { name, column, groupBy, total, bins } = algorithm;
  const what = column === undefined ? name : `${name} of ${column}`;
  const by = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`;
  const origin = bins?.origin === undefined ? '' : ` from ${bins.origin}`;
  const width = bins === undefined ? '' : `, in bins of ${bins.width}${origin}`;
  const sentence = `${what}${by}${width}${total ? ', with the total' : ''}, ${where}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
