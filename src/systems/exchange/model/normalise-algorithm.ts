import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type AlgorithmMember,
  type AlgorithmName,
  algorithmMembers,
  type Bins,
  inRounds,
} from './algorithm.js';
import type { DataSet } from './data-set.js';
import type { NormalAlgorithm } from './normal-request.js';
import type { RequestBody, RequestedAlgorithm } from './request.js';
import { type ColumnUse, resolveColumn } from './resolve-column.js';

/** What an algorithm is made of: what was asked, and the data set that says the rest. */
interface Asked {
  readonly algorithm: AlgorithmName;
  readonly given: Partial<RequestedAlgorithm>;
  readonly dataSet: DataSet;
  readonly name: string;
}

/**
 * The algorithm of a request with the defaults of the data set filled in, and every column by its full name; `undefined`
 * where the request asks for rows. Throws `input-invalid`.
 */
export function normaliseAlgorithm(
  body: Pick<RequestBody, 'algorithm' | 'query'>,
  name: string,
  dataSet: DataSet,
): NormalAlgorithm | undefined {
  const { defaults } = dataSet;
  const algorithm = body.algorithm?.name ?? (body.query === undefined ? defaults.algorithm : undefined);
  if (algorithm === undefined) {
    if (body.query !== undefined) return undefined;
    throw invalid(
      `The request has neither a query nor an algorithm, and data set ${name} has no default algorithm; add one of the two.`,
      { dataSet: name },
    );
  }
  const given: Partial<RequestedAlgorithm> = body.algorithm ?? {};
  const asked: Asked = { algorithm, given, dataSet, name };
  assertMembers(asked);
  assertUndivided(asked);
  const column = columnOf(asked);
  const groups = given.groupBy ?? (inRounds.has(algorithm) ? [] : (defaults.groupBy ?? []));
  return {
    name: algorithm,
    ...(column === undefined ? {} : { column }),
    ...(takes(asked, 'columns') ? { columns: columnsOf(asked) } : {}),
    ...(takes(asked, 'outcome') ? regressionOf(asked) : {}),
    ...(takes(asked, 'quantiles') ? { quantiles: quantilesOf(asked) } : {}),
    groupBy: resolved(asked, groups, 'group'),
    total: given.total ?? false,
    ...(takes(asked, 'bins') ? { bins: binsOf(asked, column) } : {}),
  };
}

/** The algorithm as a request would ask for it, in arrays of its own. */
export function asRequested(algorithm: NormalAlgorithm): RequestedAlgorithm {
  const { columns, outcome, predictors, quantiles, groupBy, ...rest } = algorithm;
  return {
    ...rest,
    groupBy: [...groupBy],
    ...(columns === undefined ? {} : { columns: [...columns] }),
    ...(outcome === undefined ? {} : { outcome: { ...outcome } }),
    ...(predictors === undefined ? {} : { predictors: [...predictors] }),
    ...(quantiles === undefined ? {} : { quantiles: [...quantiles] }),
  };
}

function takes({ algorithm }: Asked, member: AlgorithmMember): boolean {
  return algorithmMembers[algorithm].includes(member);
}

/** Refuses a member that the algorithm has no use for: the requester means something else than would be computed. */
function assertMembers({ algorithm, given }: Asked): void {
  const members = Object.keys(given).filter(isMember);
  const unfit = members.find((member) => !algorithmMembers[algorithm].includes(member));
  if (unfit === undefined) return;
  const others = Object.entries(algorithmMembers).flatMap(([other, has]) =>
    has.includes(unfit) ? [`a ${other}`] : [],
  );
  const message = `Algorithm ${algorithm} has no ${unfit}; leave algorithm.${unfit} out, or ask for ${others.join(' or ')}.`;
  throw invalid(message, { algorithm });
}

/** Of each group, the fit would need rounds of its own. */
function assertUndivided({ algorithm, given }: Asked): void {
  if (!inRounds.has(algorithm)) return;
  const divided = (given.groupBy ?? []).length > 0 ? 'groupBy' : given.total === true ? 'total' : undefined;
  if (divided === undefined) return;
  const message = `Algorithm ${algorithm} gives one fit, not one for each group; leave algorithm.${divided} out, and ask with a query for the rows of one group.`;
  throw invalid(message, { algorithm });
}

function columnOf(asked: Asked): string | undefined {
  const { algorithm, given, dataSet, name } = asked;
  if (!takes(asked, 'column')) return undefined;
  if (algorithm === 'count')
    return given.column === undefined ? undefined : resolveColumn(given.column, 'counted', dataSet, name);
  const column = given.column ?? dataSet.defaults.column;
  if (column !== undefined) return resolveColumn(column, 'measure', dataSet, name);
  const message = `Algorithm ${algorithm} needs a column, and data set ${name} has no default one; add algorithm.column.`;
  throw invalid(message, { dataSet: name, algorithm });
}

function columnsOf(asked: Asked): string[] {
  const { algorithm, given } = asked;
  const columns = resolved(asked, given.columns ?? [], 'measure');
  // a matrix is the same in any order, and so is what it tells
  if (columns.length >= 2) return columns.sort();
  const message = `Algorithm ${algorithm} needs two measures or more; name them as algorithm.columns.`;
  throw invalid(message, { dataSet: asked.name, algorithm });
}

function regressionOf(asked: Asked): Required<Pick<NormalAlgorithm, 'outcome' | 'predictors'>> {
  const { algorithm, given, dataSet, name } = asked;
  if (given.outcome === undefined || given.predictors === undefined) {
    const message = `Algorithm ${algorithm} needs an outcome and predictors; add algorithm.outcome and algorithm.predictors.`;
    throw invalid(message, { dataSet: name, algorithm });
  }
  const outcome = typeof given.outcome === 'string' ? { column: given.outcome } : given.outcome;
  const use = outcome.equals === undefined ? 'measure' : 'group';
  const column = resolveColumn(outcome.column, use, dataSet, name);
  const predictors = resolved(asked, given.predictors, 'measure');
  if (!predictors.includes(column)) return { outcome: { ...outcome, column }, predictors };
  const message = `${column} is the outcome, so it cannot be a predictor besides; leave it out of algorithm.predictors.`;
  throw invalid(message, { dataSet: name, algorithm, column });
}

function quantilesOf({ given, algorithm }: Asked): number[] {
  if (given.total === true) {
    const message = `Algorithm ${algorithm} has no total beside groups; leave algorithm.total out, or ask with groupBy [].`;
    throw invalid(message, { algorithm });
  }
  return [...new Set(given.quantiles ?? [0.25, 0.5, 0.75])].sort((one, other) => one - other);
}

function binsOf({ given, dataSet, name }: Asked, column: string | undefined): Bins {
  const declared = dataSet.defaults.bins ?? {};
  const bins =
    given.bins ?? (column !== undefined && Object.hasOwn(declared, column) ? declared[column] : undefined);
  if (bins !== undefined) return bins;
  const message = `A histogram of ${column} needs bins, and data set ${name} declares none for it; add algorithm.bins with a width.`;
  throw invalid(message, { dataSet: name, column });
}

/** The full names, each once, in the order asked for. */
function resolved({ dataSet, name }: Asked, columns: readonly string[], use: ColumnUse): string[] {
  return [...new Set(columns.map((column) => resolveColumn(column, use, dataSet, name)))];
}

function isMember(name: string): name is AlgorithmMember {
  return Object.values(algorithmMembers).some((members) => members.some((member) => member === name));
}

function invalid(message: string, details: Readonly<Record<string, unknown>>): StarlingError {
  return new StarlingError('input-invalid', message, { details });
}
