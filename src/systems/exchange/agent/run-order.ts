import { StarlingError } from '../../../kernel/errors/index.js';
import type { ComposedStep, ComputeProviderChain, DataProviderChain } from '../compose/index.js';
import { builtInSteps, type DataSet, type Fit, type Limits, type NormalRequest } from '../model/index.js';
import type {
  CombineOrder,
  CombineSource,
  MergeOrder,
  QueryOrder,
  RunLimits,
  StepOrder,
} from '../runs/index.js';
import type { Partials } from '../steps/index.js';

/** Limits of a run where neither agreement nor request sets one. */
export const defaultLimits = {
  timeSeconds: 60,
  memoryMegabytes: 512,
  rows: 1_000_000,
  resultMegabytes: 100,
} as const;

/**
 * What the run of a data provider's chain is told. Pure. Throws `unknown-step`.
 *
 * @param file path of the data set's import
 * @param key that pseudonyms are made with
 * @param maximum what the agent itself gives a run at most
 * @param step the foreign step in the chain
 */
export function queryOrder(
  question: NormalRequest,
  chain: DataProviderChain,
  dataSet: DataSet,
  file: string,
  key: string,
  maximum: { readonly memoryMegabytes: number; readonly timeSeconds: number },
  step?: StepOrder,
): QueryOrder {
  const has = (name: string) => chain.steps.some((one) => one.step === name);
  assertKnown(chain.steps.filter((one) => one.step !== step?.at.step));
  return {
    kind: 'query',
    database: file,
    query: question.query,
    ...(question.crossJoinWithoutOn === undefined ? {} : { crossJoinWithoutOn: true }),
    grant: chain.columns,
    declared: {
      unit: dataSet.unit,
      measures: Object.keys(dataSet.measures),
      groups: dataSet.groups,
      filters: dataSet.filters,
    },
    form: chain.output.form,
    minimumGroupSize: chain.output.minimumGroupSize,
    extremes: chain.output.extremes,
    ...(has('sql-anonymize') ? { anonymize: { rules: dataSet.anonymize ?? {}, key } } : {}),
    // where rows go to a compute provider, the algorithm says which columns it needs
    ...((has('sql-algorithm') || chain.releases === 'rows') && question.algorithm !== undefined
      ? { algorithm: algorithmOrder(question.algorithm) }
      : {}),
    ...(chain.releases === 'partials' && chain.output.smallGroupsAtComputeProvider
      ? { smallGroups: true }
      : {}),
    releases: chain.releases === 'partials' ? 'partials' : 'answer',
    ...(step === undefined ? {} : { step }),
    limits: runLimits(chain.limits, maximum),
  };
}

/** What a provider that sent rows lets out of them. */
export type SentRule = Pick<QueryOrder, 'form' | 'minimumGroupSize' | 'extremes'>;

/**
 * What the run of a compute provider's chain over rows is told: the strictest of what the gateway and each provider say.
 * Pure. Throws `unknown-step`.
 */
export function combineOrder(
  question: NormalRequest,
  chain: ComputeProviderChain,
  sent: readonly (CombineSource & { readonly rule: SentRule })[],
  maximum: { readonly memoryMegabytes: number; readonly timeSeconds: number },
): CombineOrder {
  assertKnown(chain.steps);
  const rules = [chain.output, ...sent.map(({ rule }) => rule)];
  const { algorithm } = question;
  return {
    kind: 'combine',
    sources: sent.map(({ party, file, rows, hash }) => ({ party, file, rows, hash })),
    form: rules.every(({ form }) => form === 'rows') ? 'rows' : 'aggregates',
    minimumGroupSize: Math.max(...rules.map(({ minimumGroupSize }) => minimumGroupSize)),
    extremes: rules.every(({ extremes }) => extremes),
    ...(algorithm === undefined ? {} : { algorithm: algorithmOrder(algorithm) }),
    releases: 'answer',
    limits: runLimits(chain.limits, maximum),
  };
}

/** What the run of a compute provider's chain is told. Pure. Throws `unknown-step`. */
export function mergeOrder(
  chain: ComputeProviderChain,
  partials: readonly Partials[],
  maximum: { readonly memoryMegabytes: number; readonly timeSeconds: number },
  fit?: Fit,
): MergeOrder {
  assertKnown(chain.steps);
  const { limits, output } = chain;
  return {
    kind: 'merge',
    partials,
    ...(fit === undefined ? {} : { fit }),
    minimumGroupSize: output.minimumGroupSize,
    limits: runLimits(limits, maximum),
  };
}

function algorithmOrder(
  algorithm: NonNullable<NormalRequest['algorithm']>,
): NonNullable<QueryOrder['algorithm']> {
  const { bins } = algorithm;
  return {
    ...algorithm,
    bins: bins === undefined ? undefined : { width: bins.width, origin: bins.origin ?? 0 },
  };
}

function runLimits(limits: Limits, maximum: { memoryMegabytes: number; timeSeconds: number }): RunLimits {
  const { timeSeconds, memoryMegabytes, rows, resultMegabytes } = { ...defaultLimits, ...limits };
  return {
    timeMs: Math.min(timeSeconds, maximum.timeSeconds) * 1000,
    memoryMegabytes: Math.min(memoryMegabytes, maximum.memoryMegabytes),
    rows,
    resultBytes: resultMegabytes * 1_000_000,
  };
}

const builtIn = new Set(Object.keys(builtInSteps));

function assertKnown(steps: readonly ComposedStep[]): void {
  const unknown = steps.filter((one) => !builtIn.has(one.step)).map((one) => one.step);
  if (unknown.length === 0) return;
  throw new StarlingError(
    'unknown-step',
    `No program is known for ${unknown.join(', ')}. Use the built-in steps: ${[...builtIn].join(', ')}.`,
  );
}
