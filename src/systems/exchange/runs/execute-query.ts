import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type Alike,
  authorisePlan,
  columnName,
  type PlanNode,
  type ResolvedPlan,
} from '../authorise/index.js';
import { type Aggregate, type KeyType, keyTypeOf, rowsOf, withoutSemicolon } from '../steps/index.js';
import { withCrossJoins } from './cross-joins.js';
import type { RunDatabase } from './database.js';
import { executeAggregate } from './execute-aggregate.js';
import type { QueryOrder, RunReport, StepOrder } from './order.js';
import { type QueryColumn, ruleOf } from './queried-column.js';
import { aggregateOf, type OutputColumn, rowColumns, selectList } from './query-plan.js';
import type { RunContext } from './run-context.js';
import { transferredRows, writeTransfer } from './send-rows.js';
import { streamRows } from './stream-rows.js';

/**
 * Runs a provider's chain as one statement: parse, bind, authorise, execute. Each statement that runs was authorised on
 * its own bound plan, in this order, on this connection.
 */
export async function executeQuery(
  database: RunDatabase,
  given: QueryOrder,
  context: RunContext,
): Promise<RunReport> {
  context.begin('parse');
  const { query, crossJoined } = await parsed(database, given);
  const order = { ...given, query };
  const report = await executeParsed(database, order, context);
  return crossJoined ? { ...report, crossJoined } : report;
}

/** The statement that is meant; it parses. */
async function parsed(
  database: RunDatabase,
  { query: given, crossJoinWithoutOn }: QueryOrder,
): Promise<{ readonly query: string; readonly crossJoined: boolean }> {
  const query = withoutSemicolon(given);
  const crossJoined =
    crossJoinWithoutOn === true
      ? await withCrossJoins(query, (text) => database.parserError(text))
      : undefined;
  await database.parse(crossJoined ?? query);
  return { query: crossJoined ?? query, crossJoined: crossJoined !== undefined && crossJoined !== query };
}

async function executeParsed(
  database: RunDatabase,
  order: QueryOrder,
  context: RunContext,
): Promise<RunReport> {
  const { query } = order;
  context.begin('bind');
  // what cannot be bound is told by its plan, which says where
  const describing = database.describe(query).catch((error: unknown) => ({ error }));
  const plans = await database.plan(query, query);
  context.begin('authorise');
  const resolved = authorisePlan(plans, order.grant, sameRule(order));
  const plan = plans[0] as PlanNode;
  const described = await describing;
  if ('error' in described) throw described.error;
  const columns = described.map((column, position): QueryColumn => {
    const origin = resolved.columns[position] ?? { sources: [], plain: undefined, constant: false };
    return { ...column, origin };
  });
  if (order.step !== undefined)
    return runStep(database, order, order.step, { query, resolved, plan, columns }, context);
  if (order.algorithm === undefined && order.form === 'aggregates') throw onlyAggregates();
  if (order.algorithm === undefined) return runRows(database, order, { query, resolved, columns }, context);
  const aggregate = aggregateOf(order, order.algorithm, plan, columns);
  const { transfer } = order;
  if (transfer !== undefined) {
    const output = transferredRows(aggregate, transfer, (unit) => columns[unit]?.type ?? '');
    return sendRows(database, order, { query, resolved, columns, ...output }, context);
  }
  return runAggregate(database, order, { query, resolved, aggregate, columns }, context);
}

async function runRows(
  database: RunDatabase,
  order: QueryOrder,
  asked: { query: string; resolved: ResolvedPlan; columns: readonly QueryColumn[] },
  context: RunContext,
): Promise<RunReport> {
  const output = rowColumns(order, asked.columns, asked.resolved);
  if (order.transfer !== undefined) return sendRows(database, order, { ...asked, output }, context);
  const statement = `SELECT ${selectList(output)}\nFROM ${rowsOf(asked.query, asked.columns.length)}`;
  await authorise(database, order, statement);
  context.begin('execute');
  const rows = await streamRows(database.connection, statement, order.limits, context.sink);
  return {
    result: { kind: 'rows', columns: output.map((column) => column.name), rows },
    statement: withoutKey(statement, order),
    read: readColumns(asked.resolved),
    phases: context.phases(),
  };
}

/** A chain with a foreign step in it; read only where there is one. */
async function runStep(
  database: RunDatabase,
  order: QueryOrder,
  step: StepOrder,
  asked: { query: string; resolved: ResolvedPlan; plan: PlanNode; columns: readonly QueryColumn[] },
  context: RunContext,
): Promise<RunReport> {
  const { executeStep } = await import('./execute-step.js');
  const given = {
    ...asked,
    step,
    keys: (aggregate: Aggregate) => keyTypeFor(database, order, { ...asked, aggregate }),
    authorise: (statement: string) => authorise(database, order, statement),
  };
  const { statement, ...done } = await executeStep(database, order, given, context);
  return {
    ...done,
    statement: withoutKey(statement, order),
    read: readColumns(asked.resolved),
    phases: context.phases(),
  };
}

/** Rows for a compute provider: as many of them as it needs, into the pipe that the agent sends on. */
async function sendRows(
  database: RunDatabase,
  order: QueryOrder,
  asked: {
    query: string;
    resolved: ResolvedPlan;
    columns: readonly QueryColumn[];
    output: readonly OutputColumn[];
    where?: string;
  },
  context: RunContext,
): Promise<RunReport> {
  const { query, resolved, columns, output, where = '' } = asked;
  const statement = `SELECT ${selectList(output)}\nFROM ${rowsOf(query, columns.length)}${where}`;
  await authorise(database, order, statement);
  context.begin('execute');
  const rows = await writeTransfer(database, statement, order);
  return {
    result: { kind: 'rows', columns: output.map((column) => column.name), rows },
    statement: withoutKey(statement, order),
    read: readColumns(resolved),
    phases: context.phases(),
  };
}

async function runAggregate(
  database: RunDatabase,
  order: QueryOrder,
  asked: { query: string; resolved: ResolvedPlan; aggregate: Aggregate; columns: readonly QueryColumn[] },
  context: RunContext,
): Promise<RunReport> {
  const { aggregate, columns, query } = asked;
  const given = {
    rule: order,
    query,
    columns: columns.length,
    aggregate,
    rows: database.rows,
    keys: () => keyTypeFor(database, order, asked),
    authorise: (statement: string) => authorise(database, order, statement),
  };
  const { statement, ...done } = await executeAggregate(database, given, context);
  return {
    ...done,
    statement: withoutKey(statement, order),
    read: readColumns(asked.resolved),
    phases: context.phases(),
  };
}

/** How persons' keys are read: as all tables that declare them have them, and as the query gives them. */
async function keyTypeFor(
  database: RunDatabase,
  order: QueryOrder,
  { aggregate, columns }: { aggregate: Aggregate; columns: readonly QueryColumn[] },
): Promise<KeyType> {
  const given = columns.filter((_, position) => aggregate.units.includes(`c${position}`));
  return keyTypeOf([...given.map(({ type }) => type), ...(await database.typesOf(order.declared.unit))]);
}

/** Whoever sends such an order has not held it against the agreement; the run does, whatever it was told. */
function onlyAggregates(): StarlingError {
  return new StarlingError(
    'statement-refused',
    'Only figures over groups may leave, and the chain has no algorithm. Ask with an algorithm.',
  );
}

/** Columns whose equality tells nothing that the rules of `sql-anonymize` hide: both have the same rule, or none. */
function sameRule(order: QueryOrder): Alike {
  return (left, right) => JSON.stringify(ruleOf(order, left)) === JSON.stringify(ruleOf(order, right));
}

async function authorise(database: RunDatabase, order: QueryOrder, statement: string): Promise<void> {
  authorisePlan(await database.plan(statement, order.query), order.grant);
}

function readColumns(resolved: ResolvedPlan): string[] {
  const names = resolved.scans.flatMap((scan) =>
    scan.columns.map((column) => columnName({ scan: scan.id, table: scan.table, column })),
  );
  return [...new Set(names)].sort();
}

function withoutKey(statement: string, order: QueryOrder): string {
  const keys = [order.anonymize?.key ?? '', order.step?.key ?? '', ...(order.transfer?.keys ?? [])].filter(
    (key) => key !== '',
  );
  return keys.reduce((text, key) => text.replaceAll(key, '…'), statement);
}
