import { foldedName } from '../sql-text/index.js';

/** `Table.column` without its table. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

/** Names of which each is there once: another of the same gets a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(foldedName(name)) ?? 0) + 1;
    seen.set(foldedName(name), count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

/** Names that result columns of algorithms have. */
const figureNames = new Set([
  ...['average', 'count', 'sum', 'variance', 'standardDeviation', 'mean', 'rows'],
  ...['first', 'second', 'covariance', 'correlation', 'term', 'coefficient', 'standardError', 'tValue'],
  ...['zValue', 'oddsRatio', 'logLikelihood', 'rounds'],
  ...['quantile', 'rSquared', 'residualStandardError', 'degreesOfFreedom'],
  ...['min', 'max', 'from', 'to', 'value', 'total', 'provider'],
]);

/** A group's name in the result: the column's own where nothing else has it, else with its table. */
export function resultName(name: string, groupBy: readonly string[]): string {
  return figureNames.has(shortName(name)) ? name : columnLabel(name, groupBy);
}

/** The column's own name where none of the others has it, else with its table. */
export function columnLabel(name: string, among: readonly string[]): string {
  const short = shortName(name);
  const taken = among.some((other) => other !== name && foldedName(shortName(other)) === foldedName(short));
  return taken ? name : short;
}
