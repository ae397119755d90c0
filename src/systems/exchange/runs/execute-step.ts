import { StarlingError } from '../../../kernel/errors/index.js';
import { checkRelease, type PlanNode, type ResolvedPlan } from '../authorise/index.js';
import { stepFailed } from '../foreign/step-fault.js';
import type { StepColumns, StepColumnType } from '../model/index.js';
import { measuresOf } from '../model/measures.js';
import { quoteName } from '../sql-text/index.js';
import { type Aggregate, anonymized, isNumeric, type KeyType, rowsOf } from '../steps/index.js';
import type { RunDatabase } from './database.js';
import { type AggregateReport, executeAggregate } from './execute-aggregate.js';
import type { QueryOrder, StepOrder } from './order.js';
import { classOf, type QueryColumn, queriedColumn } from './queried-column.js';
import { aggregateOf, type OutputColumn, selectList } from './query-plan.js';
import { readArrow } from './read-arrow.js';
import { releaseFigures } from './release-figures.js';
import type { RunContext } from './run-context.js';
import { streamRows } from './stream-rows.js';

/** A requester's statement that was authorised, and what the run may do with it. */
export interface AskedStep {
  readonly step: StepOrder;
  readonly query: string;
  readonly plan: PlanNode;
  readonly resolved: ResolvedPlan;
  readonly columns: readonly QueryColumn[];
  readonly keys: (aggregate: Aggregate) => Promise<KeyType>;
  /** Throws where a statement may not run. */
  readonly authorise: (statement: string) => Promise<void>;
}

/** The columns that a step gets, and what the chain needs of them when they come back. */
interface StepRows {
  /** The person that a row is about, as an expression over the query; none without a minimum group size. */
  readonly unit: OutputColumn | undefined;
  readonly output: readonly OutputColumn[];
  readonly sent: StepColumns;
  readonly aggregate: Aggregate | undefined;
  /** Which of the columns each group and each measure is. */
  readonly groups: readonly string[];
  readonly measures: readonly string[];
}

/**
 * Runs a chain with a foreign step in it: first up to the step, writing the rows for it as an Arrow stream; then, when what
 * it gave is in a file, from there on. Both times the requester's statement is authorised as ever, and figures are
 * computed over persons of the data set itself: what the step says of who a row is about only finds them again.
 */
export async function executeStep(
  database: RunDatabase,
  order: QueryOrder,
  asked: AskedStep,
  context: RunContext,
): Promise<AggregateReport> {
  if (order.form === 'rows') throw onlyFigures(asked.step);
  const rows = stepRows(order, asked);
  const { cameBack } = asked.step;
  if (cameBack === undefined) return sendRows(database, asked, rows, context);
  context.begin('combine');
  const cameRows = await readRows(database, order, asked, rows, cameBack.file);
  return asked.step.gives === 'aggregates'
    ? releaseFigures(database, order, asked.step, rows.unit !== undefined, context)
    : figuresOver(database, order, asked, { ...rows, cameRows }, context);
}

function stepRows(order: QueryOrder, { step, plan, columns }: AskedStep): StepRows {
  const { algorithm, declared, minimumGroupSize } = order;
  if (algorithm === undefined && step.gives === 'rows') throw onlyFigures(step);
  const aggregate = algorithm && aggregateOf(order, algorithm, plan, columns);
  const release = checkRelease(plan, declared, minimumGroupSize);
  const position = minimumGroupSize > 1 ? release.unitPositions[0] : undefined;
  const unit = position === undefined ? undefined : person(position, columns, step);
  const groups = algorithm?.groupBy ?? [];
  const measures = algorithm === undefined ? [] : measuresOf(algorithm);
  const found = new Map<string, { readonly sql: string; readonly type: string }>();
  aggregate?.measures.forEach(({ sql, type }, i) => {
    found.set(String(measures[i]), { sql, type });
  });
  for (const name of [...groups, ...Object.keys(step.input)]) {
    found.set(name, queriedColumn(order, name, columns, release.columns));
  }
  const sent: StepColumns = unit === undefined ? {} : { u0: 'text' };
  const output = [...found].map(([name, column]): OutputColumn => {
    const type = step.input[name] ?? classOf(column.type);
    sent[name] = type;
    return { name, sql: asClass(name, column, type, step) };
  });
  return { unit, output: [...(unit ? [unit] : []), ...output], sent, aggregate, groups, measures };
}

/** A person under a code that is made anew for each order: equal for equal within one call, and of no use outside of it. */
function person(position: number, columns: readonly QueryColumn[], { key }: StepOrder): OutputColumn {
  const type = columns[position]?.type ?? '';
  return { name: 'u0', sql: String(anonymized(`c${position}`, type, { method: 'pseudonymize' }, key)) };
}

function asClass(
  name: string,
  { sql, type }: { readonly sql: string; readonly type: string },
  wanted: StepColumnType,
  { at }: StepOrder,
): string {
  const is = classOf(type);
  if (wanted === 'text') return `CAST(${sql} AS VARCHAR)`;
  if (wanted === 'number' && (is === 'number' || is === 'integer')) return `CAST(${sql} AS DOUBLE)`;
  if (is === wanted) return sql;
  const more = `it declares ${name} as ${wanted}, and the data have ${is}`;
  throw stepFailed(at, 'schema', { more });
}

async function sendRows(
  database: RunDatabase,
  { step, query, columns, authorise }: AskedStep,
  { unit, output }: StepRows,
  context: RunContext,
): Promise<AggregateReport> {
  // a row of nobody could not be counted when it comes back
  const where = unit === undefined ? '' : `\nWHERE (${unit.sql}) IS NOT NULL`;
  const statement = `SELECT ${selectList(output)}\nFROM ${rowsOf(query, columns.length)}${where}`;
  await authorise(statement);
  context.begin('execute');
  const { rows: mostRows, requestBytes } = step;
  const limits = { rows: mostRows, resultBytes: requestBytes, timeMs: 0, memoryMegabytes: 0 };
  const rows = await streamRows(database.connection, statement, limits, context.sink);
  return { result: { kind: 'rows', columns: output.map(({ name }) => name), rows }, statement };
}

/** Takes what came back into `step.came_back`, and refuses rows of persons who were not sent. */
async function readRows(
  database: RunDatabase,
  order: QueryOrder,
  { step, query, columns, plan, authorise }: AskedStep,
  { unit, sent, groups, measures }: StepRows,
  file: string,
): Promise<number> {
  const { connection } = database;
  const kept = step.gives === 'aggregates' ? [] : [...(unit ? ['u0'] : []), ...groups, ...measures];
  const needed = { ...Object.fromEntries(kept.map((name) => [name, sent[name] ?? 'text'])), ...step.output };
  const allowed = step.gives === 'aggregates' ? {} : sent;
  const rows = await readArrow(connection, file, { needed, allowed }, step.rows, step.at);
  if (unit === undefined) return rows;
  const [position] = checkRelease(plan, order.declared, order.minimumGroupSize).unitPositions;
  const everyone = `SELECT DISTINCT c${position} AS person, ${unit.sql} AS u0 FROM ${rowsOf(query, columns.length)} WHERE c${position} IS NOT NULL`;
  await authorise(everyone);
  await connection.run(`CREATE TABLE step.sent_persons AS ${everyone}`);
  if (step.gives === 'aggregates') return rows;
  const strange = await connection.runAndReadAll(
    'SELECT count(*) FROM step.came_back WHERE u0 IS NULL OR u0 NOT IN (SELECT u0 FROM step.sent_persons)',
  );
  if (Number(strange.getRows()[0]?.[0]) > 0) throw stepFailed(step.at, 'units');
  return rows;
}

/** The aggregate as ever, over what came back joined to who the rows are about. */
async function figuresOver(
  database: RunDatabase,
  order: QueryOrder,
  { keys, step }: AskedStep,
  { unit, aggregate, groups, measures, cameRows }: StepRows & { readonly cameRows: number },
  context: RunContext,
): Promise<AggregateReport> {
  if (aggregate === undefined) throw onlyFigures(step);
  const names = [...new Set([...groups, ...measures])];
  const at = (name: string) => `c${names.indexOf(name) + (unit === undefined ? 0 : 1)}`;
  const list = [...(unit === undefined ? [] : ['p.person']), ...names.map((name) => `r.${quoteName(name)}`)];
  const joined = unit === undefined ? '' : ' JOIN step.sent_persons AS p ON p.u0 = r.u0';
  const query = `SELECT ${list.join(', ') || '1'} FROM step.came_back AS r${joined}`;
  const types = await database.describe(query);
  const moved: Aggregate = {
    ...aggregate,
    groups: aggregate.groups.map((group, i) => ({ ...group, sql: at(String(groups[i])) })),
    measures: aggregate.measures.map((measure, i) => {
      const sql = at(String(measures[i]));
      return { ...measure, sql, type: types[Number(sql.slice(1))]?.type ?? measure.type };
    }),
    units: unit === undefined ? [] : ['c0'],
  };
  const unfit = moved.measures.findIndex(
    ({ type }) => aggregate.algorithm.column === 'numeric' && !isNumeric(type),
  );
  if (unfit >= 0) {
    const more = `${measures[unfit]} is no column of numbers, which ${aggregate.algorithm.name} needs`;
    throw stepFailed(step.at, 'schema', { more });
  }
  return executeAggregate(
    database,
    {
      rule: order,
      query,
      columns: Math.max(list.length, 1),
      aggregate: moved,
      rows: cameRows,
      keys: () => keys(aggregate),
      // no statement from here on is the requester's
      authorise: async () => {},
    },
    context,
  );
}

function onlyFigures({ at: { step } }: StepOrder): StarlingError {
  const message = `Step ${step} is outside of Starling, and only figures can be asked through it, not rows. Ask with an algorithm.`;
  return new StarlingError('composition-invalid', message, { details: { step } });
}
