import { StarlingError } from '../../../kernel/errors/index.js';
import { measureLabels } from '../model/measures.js';
import { quoteName, quoteText } from '../sql-text/index.js';
import { type Aggregate, algorithmNamed, isNumeric } from '../steps/index.js';
import type { RunDatabase } from './database.js';
import { executeAggregate } from './execute-aggregate.js';
import type { AlgorithmOrder, CombineOrder, CombineSource, RunReport } from './order.js';
import { columnLabel, resultName, uniqueNames } from './result-names.js';
import type { RunContext } from './run-context.js';
import { streamRows } from './stream-rows.js';

/** A column of the rows that came. */
interface SourceColumn {
  readonly name: string;
  readonly type: string;
}

/** The rows of all sources as one statement, every row once. */
interface United {
  readonly columns: readonly SourceColumn[];
  readonly rows: number;
  /** The statement for these of the columns, with other SQL values before them. */
  select(names: readonly string[], before?: (source: CombineSource) => readonly string[]): string;
}

/**
 * Runs a compute provider's chain over the rows that providers sent. No statement in here is the requester's: that was
 * authorised at each provider. Throws `run-failed` where what a provider sent is no table, or not the same as the others'.
 */
export async function executeCombine(
  database: RunDatabase,
  order: CombineOrder,
  context: RunContext,
): Promise<RunReport> {
  context.begin('combine');
  const united = await unite(database, order.sources);
  const { algorithm } = order;
  if (algorithm === undefined && order.form === 'aggregates') throw onlyAggregates();
  if (algorithm === undefined) return runRows(database, order, united, context);
  const { names, aggregate } = aggregateOver(united, order, algorithm);
  const { statement, ...done } = await executeAggregate(
    database,
    {
      rule: order,
      query: united.select(names),
      columns: names.length,
      aggregate,
      rows: united.rows,
      keys: async () => 'whole',
      authorise: async () => {},
    },
    context,
  );
  return { ...done, statement: withoutFiles(statement, order), read: [], phases: context.phases() };
}

async function runRows(
  database: RunDatabase,
  order: CombineOrder,
  united: United,
  context: RunContext,
): Promise<RunReport> {
  const given = united.columns.map(({ name }) => name);
  const names = uniqueNames(['provider', ...given]);
  const label = ({ party }: CombineSource) => [quoteText(party)];
  const list = names.map((name, at) => `c${at} AS ${quoteName(name)}`).join(', ');
  const cells = names.map((_, at) => `c${at}`).join(', ');
  const statement = `SELECT ${list}\nFROM (\n${united.select(given, label)}\n) AS q(${cells})`;
  context.begin('execute');
  const rows = await streamRows(database.connection, statement, order.limits, context.sink);
  return {
    result: { kind: 'rows', columns: names, rows },
    statement: withoutFiles(statement, order),
    read: [],
    phases: context.phases(),
  };
}

async function unite(database: RunDatabase, sources: readonly CombineSource[]): Promise<United> {
  const described: Described[] = [];
  for (const source of sources) described.push(await describe(database, source));
  const [first, ...others] = described;
  if (first === undefined) throw failed('Nobody sent rows, so there is nothing to compute.');
  for (const other of others) assertAlike(first, other);
  return {
    columns: first.columns,
    rows: [first, ...others].reduce((sum, { rows }) => sum + rows, 0),
    select: (names, before = () => []) =>
      sources
        .map(
          (source) =>
            `SELECT ${[...before(source), ...names.map(quoteName)].join(', ')} FROM ${tableOf(source)}`,
        )
        .join('\nUNION ALL\n'),
  };
}

interface Described {
  readonly party: string;
  readonly columns: readonly SourceColumn[];
  readonly rows: number;
}

async function describe(database: RunDatabase, source: CombineSource): Promise<Described> {
  let columns: readonly SourceColumn[];
  let rows: number;
  try {
    const table = tableOf(source);
    columns = await database.describe(`SELECT * FROM ${table}`);
    const counted = await database.connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
    rows = Number(counted.getRows()[0]?.[0]);
  } catch (cause) {
    throw failed(`What ${source.party} sent is no table that can be read.`, source.party, cause);
  }
  if (rows === source.rows) return { party: source.party, columns, rows };
  throw failed(`${source.party} sent ${rows} rows, and signed for ${source.rows}.`, source.party);
}

/** The same columns of the same kinds: whole numbers of any size are one kind, since nothing is lost between them. */
function assertAlike(one: Described, other: Described): void {
  for (const { name, type } of one.columns) {
    const found = other.columns.find((column) => column.name === name);
    if (found === undefined)
      throw failed(`${other.party} sent no column ${name}, and ${one.party} did.`, other.party);
    if (kindOf(found.type) === kindOf(type)) continue;
    throw failed(
      `Column ${name} is ${type} at ${one.party} and ${found.type} at ${other.party}, which cannot be one table. Have them declare the same type, or ask them apart.`,
      other.party,
    );
  }
  const extra = other.columns.find(({ name }) => !one.columns.some((column) => column.name === name));
  if (extra !== undefined)
    throw failed(`${other.party} sent column ${extra.name}, and ${one.party} did not.`, other.party);
}

function kindOf(type: string): string {
  return /^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type) ? 'whole number' : type;
}

/** The aggregate over columns `c0…` of a statement that gives `names`. */
function aggregateOver(
  { columns }: United,
  order: CombineOrder,
  asked: AlgorithmOrder,
): { readonly names: readonly string[]; readonly aggregate: Aggregate } {
  const algorithm = algorithmNamed(asked.name);
  if (algorithm.extreme && order.form === 'aggregates' && !order.extremes) throw noExtremes(asked.name);
  const names: string[] = [];
  const take = (name: string): SourceColumn & { readonly sql: string } => {
    const column = columns.find((one) => one.name === name);
    if (column === undefined)
      throw failed(`The rows that came lack column ${name}, which ${asked.name} needs.`);
    names.push(name);
    return { ...column, sql: `c${names.length - 1}` };
  };
  const counted = order.minimumGroupSize > 1;
  const units = counted ? [take('u0').sql] : [];
  const groups = asked.groupBy.map((name, at) => ({
    name: resultName(name, asked.groupBy),
    sql: take(`g${at}`).sql,
  }));
  const labels = measureLabels(asked);
  const measures = labels.map((name, at) => ({ ...take(`m${at}`), name: columnLabel(name, labels) }));
  const unfit = measures.find(({ type }) => algorithm.column === 'numeric' && !isNumeric(type));
  if (unfit !== undefined)
    throw failed(`The rows that came have ${unfit.type} where ${asked.name} needs numbers.`);
  // a count of all rows reads no column of them
  if (names.length === 0) take(columns[0]?.name ?? 'row');
  return {
    names,
    aggregate: {
      algorithm,
      measures,
      groups,
      total: asked.total,
      bins: asked.bins,
      quantiles: asked.quantiles,
      units,
    },
  };
}

function tableOf({ file }: CombineSource): string {
  return `read_parquet(${quoteText(file)})`;
}

function withoutFiles(statement: string, { sources }: CombineOrder): string {
  return sources.reduce(
    (text, source) => text.replaceAll(tableOf(source), quoteName(source.party)),
    statement,
  );
}

function noExtremes(algorithm: string): StarlingError {
  return new StarlingError(
    'statement-refused',
    `${algorithm} gives one person's value, and extremes may not leave. Ask for an average, or a histogram.`,
  );
}

function onlyAggregates(): StarlingError {
  return new StarlingError(
    'statement-refused',
    'Only figures over groups may leave, and the chain has no algorithm. Ask with an algorithm.',
  );
}

function failed(message: string, party?: string, cause?: unknown): StarlingError {
  return new StarlingError('run-failed', message, {
    ...(party === undefined ? {} : { details: { party } }),
    ...(cause === undefined ? {} : { cause }),
  });
}
