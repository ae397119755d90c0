import { StarlingError } from '../../kernel/errors/index.js';
import type { AlgorithmName, RequestBody } from '../../systems/exchange/model/index.js';
import { nearestNote } from '../../systems/exchange/model/nearest-name.js';

/** The options of `starling ask` as they are written. */
export interface AskOptions {
  readonly user?: string;
  readonly providers?: string;
  readonly dataSet?: string;
  readonly algorithm?: string;
  readonly column?: string;
  readonly columns?: string;
  readonly outcome?: string;
  readonly outcomeEquals?: string;
  readonly predictors?: string;
  readonly quantiles?: string;
  readonly by?: string;
  readonly total?: boolean;
  readonly bins?: string;
  readonly query?: string;
  readonly queryFile?: string;
  readonly anonymize?: boolean;
  readonly options?: string;
  readonly archetype?: string;
  readonly computeProvider?: string;
  readonly mixedArchetypes?: boolean;
  readonly allowPartial?: boolean;
  readonly timeLimit?: string;
  readonly job?: string;
  readonly dryRun?: boolean;
  readonly output?: string;
  readonly graph?: string;
  readonly result?: string;
}

const algorithms = [
  'average',
  'count',
  'sum',
  'variance',
  'histogram',
  'quantiles',
  'min',
  'max',
  'covariance',
  'correlation',
  'linearRegression',
  'logisticRegression',
] as const satisfies readonly AlgorithmName[];

function invalid(message: string, option: string): StarlingError {
  return new StarlingError('input-invalid', message, { details: { option } });
}

/** The items of `a, b`, without what is empty. */
function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function number(text: string, option: string, form: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw invalid(`${option} takes ${form}, and "${text}" is not.`, option);
}

function algorithmName(text: string): AlgorithmName {
  const found = algorithms.find((name) => name === text);
  if (found !== undefined) return found;
  const message = `There is no algorithm ${text}${nearestNote(text, algorithms)}; there are ${algorithms.join(', ')}.`;
  throw invalid(message, '--algorithm');
}

function bins(text: string): { width: number; origin?: number } {
  const form = 'a width, or a width and an origin as in 1000,500';
  const [width = '', origin, ...more] = text.split(',');
  if (more.length > 0) throw invalid(`--bins takes ${form}, and "${text}" has more.`, '--bins');
  const value = number(width, '--bins', form);
  if (value <= 0) throw invalid(`The width in --bins is above 0; ${width} is not.`, '--bins');
  return origin === undefined ? { width: value } : { width: value, origin: number(origin, '--bins', form) };
}

/** Options that say how an algorithm is to compute. */
const shaping = [
  'column',
  'columns',
  'outcome',
  'outcomeEquals',
  'predictors',
  'quantiles',
  'by',
  'total',
  'bins',
] as const;

/** The option that says how an algorithm is to compute, where there is one and no `--algorithm`. */
function withoutAlgorithm(options: AskOptions): string | undefined {
  if (options.algorithm !== undefined) return undefined;
  return shaping.find((name) => options[name] !== undefined);
}

/** Whether the options ask for the algorithm that the data set has by default, and change how it computes. */
export function meansDefaultAlgorithm(options: AskOptions): boolean {
  return withoutAlgorithm(options) !== undefined && options.bins === undefined;
}

function requestedAlgorithm(options: AskOptions): RequestBody['algorithm'] {
  const { column, columns, predictors, by, total } = options;
  const outcome = outcomeOf(options);
  // only a histogram has bins
  const algorithm = options.algorithm ?? (options.bins === undefined ? undefined : 'histogram');
  if (algorithm === undefined) {
    const given = withoutAlgorithm(options);
    if (given === undefined) return undefined;
    const message = `${optionName(given)} says how an algorithm is to compute, and there is none. Add --algorithm, one of ${algorithms.join(', ')}.`;
    throw invalid(message, optionName(given));
  }
  return {
    name: algorithmName(algorithm),
    ...(column === undefined ? {} : { column }),
    ...(columns === undefined ? {} : { columns: items(columns) }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(predictors === undefined ? {} : { predictors: items(predictors) }),
    ...(options.quantiles === undefined ? {} : { quantiles: quantilesOf(options.quantiles) }),
    ...(by === undefined ? {} : { groupBy: items(by) }),
    ...(total === undefined ? {} : { total }),
    ...(options.bins === undefined ? {} : { bins: bins(options.bins) }),
  };
}

function quantilesOf(text: string): number[] {
  return items(text).map((item) => number(item, '--quantiles', 'numbers between 0 and 1, as in 0.1,0.5,0.9'));
}

function outcomeOf({ outcome, outcomeEquals }: AskOptions): NonNullable<RequestBody['algorithm']>['outcome'] {
  if (outcomeEquals === undefined) return outcome;
  if (outcome === undefined) {
    const message =
      '--outcome-equals says which value of the outcome counts, and there is no --outcome. Add it.';
    throw invalid(message, '--outcome-equals');
  }
  return { column: outcome, equals: outcomeEquals };
}

/** What is known of who asks, besides the options. */
export interface Asker {
  /** The user that the environment names. */
  readonly environmentUser?: string | undefined;
  /** Whether a token says who asks, so that nothing else needs to. */
  readonly signedIn?: boolean;
}

/** The body of a request, which leaves out who asks where a token says it. */
export type AskedBody = Omit<RequestBody, 'user'> & Partial<Pick<RequestBody, 'user'>>;

function whoAsks(options: AskOptions, { environmentUser, signedIn }: Asker): string | undefined {
  const user = options.user ?? (signedIn === true ? undefined : environmentUser);
  if (user !== undefined && user !== '') return user;
  if (signedIn === true) return undefined;
  const message =
    'Who asks? Give --user, or set STARLING_USER. In the example consortium that is ada@university.example.';
  throw invalid(message, '--user');
}

/** What a job has already, so that a follow-up cannot give it. */
const fixedByJob = [
  'providers',
  'dataSet',
  'archetype',
  'computeProvider',
  'mixedArchetypes',
  'dryRun',
] as const;

/** `--data-set` for `dataSet`. */
function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Throws `input-invalid` where two options contradict each other. */
function assertConsistent(options: AskOptions): void {
  const { query, queryFile, job, output, graph, result, dryRun } = options;
  if (query !== undefined && queryFile !== undefined) {
    throw invalid('--query and --query-file both give the query. Leave one out.', '--query');
  }
  if (result !== undefined && output === undefined) {
    throw invalid('--result says what --output writes, and there is no --output. Add it.', '--result');
  }
  if (dryRun === true && graph !== undefined) {
    throw invalid('--dry-run answers nothing that --graph could draw. Leave one out.', '--graph');
  }
  if (dryRun === true && output !== undefined) {
    throw invalid('--dry-run answers nothing that --output could write. Leave one out.', '--output');
  }
  const fixed = fixedByJob.find((name) => options[name] !== undefined);
  if (job !== undefined && fixed !== undefined) {
    const option = optionName(fixed);
    const what = fixed === 'dryRun' ? 'cannot be tried' : 'keeps what it was approved with';
    throw invalid(`A job ${what}: leave out ${option}, or ask a new question without --job.`, option);
  }
}

/**
 * The body of a request as the options ask for it; `query` is the text of `--query` or of the file. What is left out
 * is left to the gateway. Throws `input-invalid` for an option without its form, or against another.
 */
export function requestBodyOf(options: AskOptions, query: string | undefined, asker: Asker): AskedBody {
  assertConsistent(options);
  const user = whoAsks(options, asker);
  const { providers, dataSet, anonymize, archetype, computeProvider, timeLimit, graph } = options;
  const { mixedArchetypes, allowPartial } = options;
  const algorithm = requestedAlgorithm(options);
  const timeSeconds =
    timeLimit === undefined ? undefined : number(timeLimit, '--time-limit', 'a number of seconds');
  const dataProviders = providers === undefined ? undefined : [...new Set(items(providers))];
  if (dataProviders?.length === 0) {
    throw invalid('--providers names nobody. Name some as in VU,UVA, or leave it out.', '--providers');
  }
  const asked = [
    ...(anonymize === true ? ['anonymize'] : []),
    ...(graph === undefined ? [] : ['graph']),
    ...(options.options === undefined ? [] : items(options.options)),
  ];
  return {
    ...(user === undefined ? {} : { user: { id: user } }),
    ...(dataSet === undefined ? {} : { dataSet }),
    ...(dataProviders === undefined ? {} : { dataProviders }),
    ...(query === undefined ? {} : { query }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(asked.length === 0 ? {} : { options: Object.fromEntries(asked.map((name) => [name, true])) }),
    ...(archetype === undefined ? {} : { archetype }),
    ...(computeProvider === undefined ? {} : { computeProvider }),
    ...(mixedArchetypes === undefined ? {} : { mixedArchetypes }),
    ...(allowPartial === undefined ? {} : { allowPartial }),
    ...(timeSeconds === undefined ? {} : { limits: { timeSeconds } }),
  };
}
