import type { Outcome } from './algorithm.js';

/** What an algorithm computes with, for people and as names of values to compare: `measuresOf`, an outcome with its value. */
export function measureLabels(algorithm: Parameters<typeof measuresOf>[0]): string[] {
  const { outcome } = algorithm;
  return measuresOf(algorithm).map((name) =>
    name === outcome?.column && outcome.equals !== undefined ? `${name} = ${outcome.equals}` : name,
  );
}

/** The columns that an algorithm computes with, each once, in the order in which its rows have them as `m0`, `m1`, …. */
export function measuresOf(algorithm: {
  readonly column?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly outcome?: Outcome | undefined;
  readonly predictors?: readonly string[] | undefined;
}): string[] {
  const { column, columns = [], outcome, predictors = [] } = algorithm;
  const named = [column, ...columns, outcome?.column, ...predictors];
  return [...new Set(named.filter((name) => name !== undefined))];
}
