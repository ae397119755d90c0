import type { Result } from './ask/request-record.js';
import type { Exchange } from './exchange-api.js';
import { type AlgorithmName, type Catalogue, type RequestBody, unitingStep } from './model/index.js';
import type { Cell } from './steps/index.js';

/** A question in the form of DYNAMOS, once it is known who asks. */
export interface DynamosQuestion {
  readonly user: RequestBody['user'];
  readonly type: string;
  /** In the order in which answers are to come. */
  readonly dataProviders: readonly string[];
  readonly query?: string | undefined;
  /** Empty where rows are asked for. */
  readonly algorithm?: AlgorithmName | '' | undefined;
  readonly options?: Readonly<Record<string, boolean>> | undefined;
}

/** How DYNAMOS reads a query: its dialect lets the condition of a join be left out. */
export const dynamosReadings = { crossJoinWithoutOn: true } as const;

/** An answer with all its rows, as far as it is looked at here. */
export interface AnsweredResult extends Pick<Result, 'providers' | 'computedAt' | 'named' | 'error'> {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/**
 * The question as a request. Options that are off ask for nothing, and that of the step which unites rows says only who
 * computes (`dynamosArchetypes`): the step is always there where rows come together. Throws `unknown-request-type`.
 */
export function dynamosBody(question: DynamosQuestion, catalogue: Catalogue): RequestBody {
  const { user, type, dataProviders, query, algorithm, options = {} } = question;
  const uniting = unitingOption(type, catalogue);
  const on = Object.entries(options).filter(([option, value]) => value && option !== uniting);
  const dataSet = query === undefined ? undefined : dataSetOf(query, catalogue);
  return {
    user,
    requestType: type,
    dataProviders: [...new Set(dataProviders)],
    ...(dataSet === undefined ? {} : { dataSet }),
    ...(query === undefined ? {} : { query }),
    ...(algorithm === undefined || algorithm === '' ? {} : { algorithm: { name: algorithm } }),
    ...(on.length === 0 ? {} : { options: Object.fromEntries(on) }),
  };
}

/**
 * The archetypes that DYNAMOS prefers to that of its weights, the first possible one first: with `aggregate` those where a
 * third party gets rows, and with `aggregate: false` and several providers those where each computes by itself.
 */
export function dynamosArchetypes(
  { type, options = {} }: Pick<DynamosQuestion, 'type' | 'options'>,
  providers: number,
  catalogue: Catalogue,
): string[] {
  const uniting = unitingOption(type, catalogue);
  const united = uniting === undefined ? undefined : options[uniting];
  if (united === undefined || (!united && providers < 2)) return [];
  return [...catalogue.archetypes]
    .filter(([, { value }]) =>
      united ? value.computeProvider?.receives === 'rows' : value.computeProvider === undefined,
    )
    .sort(([, one], [, other]) => other.value.weight - one.value.weight)
    .map(([name]) => name);
}

/** The request with the archetype that DYNAMOS would choose, where it is not the one of the weights. */
export async function dynamosRequest(
  question: DynamosQuestion,
  exchange: Pick<Exchange, 'catalogue' | 'dryRun'>,
): Promise<RequestBody> {
  const catalogue = exchange.catalogue();
  const body = dynamosBody(question, catalogue);
  const approvedBy = async (asked: RequestBody) => {
    const { decisions, composition } = await exchange.dryRun(asked, dynamosReadings);
    return {
      count: decisions.filter(({ approved }) => approved).length,
      composed: composition !== undefined,
    };
  };
  const { count } = await approvedBy(body);
  for (const archetype of dynamosArchetypes(question, count, catalogue)) {
    const asked = { ...body, archetype };
    const found = await approvedBy(asked);
    // one that only some allow would leave the others out
    if (found.composed && found.count === count) return asked;
  }
  return body;
}

/** Results in the order in which providers were asked; a merged one stands where its first provider does. */
export function inAskedOrder<Some extends Pick<Result, 'providers'>>(
  results: readonly Some[],
  asked: readonly string[],
): Some[] {
  const place = ({ providers }: Some) => Math.min(...providers.map((provider) => asked.indexOf(provider)));
  return [...results].sort((one, other) => place(one) - place(other));
}

/**
 * A result as DYNAMOS answers it: figures by their names, as text with three decimals, where the data set names them; else
 * a list of columns and then of rows, every value as text. Empty where the provider failed.
 */
export function dynamosResponse({ named, columns, rows, error }: AnsweredResult): string {
  if (error !== undefined) return '';
  if (named !== undefined) {
    const figures = Object.entries(named).map(([name, value]) => [name, figure(value)]);
    return JSON.stringify(Object.fromEntries(figures));
  }
  const text = (value: Cell | undefined) => (value === null || value === undefined ? '' : String(value));
  return JSON.stringify([[...columns], ...rows.map((row) => columns.map((column) => text(row[column])))]);
}

function figure(value: Cell): string {
  return typeof value === 'number' ? value.toFixed(3) : String(value);
}

function unitingOption(type: string, catalogue: Catalogue): string | undefined {
  const step = unitingStep(type, catalogue);
  return step === undefined ? undefined : catalogue.steps.get(step)?.value.option;
}

/** The only data set that has every table which the query seems to name: DYNAMOS's requests name none. */
function dataSetOf(query: string, { dataSets }: Catalogue): string | undefined {
  const tables = [...query.matchAll(/\b(?:FROM|JOIN)\s+(\w+)/gi)].map(([, table = '']) =>
    table.toLowerCase(),
  );
  const [only, ...others] = [...dataSets].filter(([, { value }]) => {
    const known = Object.keys(value.tables).map((table) => table.toLowerCase());
    return tables.length > 0 && tables.every((table) => known.includes(table));
  });
  return others.length === 0 ? only?.[0] : undefined;
}
