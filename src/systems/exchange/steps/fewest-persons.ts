import type { Aggregate } from './aggregate.js';

/**
 * The share of persons that there may be parameters: more, and figures over several columns come so near to the data that
 * single values can be told from them. It is what DataSHIELD allows by default (`nfilter.glm`).
 */
const mostParameters = 0.33;

/**
 * The fewest persons that a group needs to leave: the minimum, or more where so many columns are computed with that each
 * parameter would be of few. Where no minimum holds there is none.
 */
export function fewestPersons(
  { algorithm, measures }: Pick<Aggregate, 'algorithm' | 'measures'>,
  minimum: number,
): number {
  if (minimum <= 1 || algorithm.several === undefined) return minimum;
  return Math.max(minimum, Math.floor(measures.length / mostParameters) + 1);
}
