import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type Alike,
  authorisePlan,
  columnName,
  type PlanNode,
  type ResolvedPlan,
} from '../authorise/index.js';
import {
  type Aggregate,
  AggregateStatements,
  type KeyType,
  keyTypeOf,
  rowsOf,
  withoutSemicolon,
} from '../steps/index.js';
import { releasePartials } from './count-persons.js';
import type { RunDatabase } from './database.js';
import { fingerprintRelease } from './fingerprint-release.js';
import type { Phase, QueryOrder, RunReport } from './order.js';
import { aggregateOf, type QueryColumn, rowColumns, ruleOf, selectList } from './query-plan.js';
import { reportAggregate } from './report-aggregate.js';
import { type RowSink, streamRows } from './stream-rows.js';

/** What a run tells and uses while it works. */
export interface RunContext {
  /** Called as a phase begins. */
  begin(phase: Phase['name']): void;
  /** The phases that have ended, with the last one closed now. */
  phases(): readonly Phase[];
  readonly sink: RowSink;
}

/** Up to so many rows in the largest table, group sizes are proven in the same statement. */
const boundAlong = 200_000;

/**
 * Runs a provider's chain as one statement: parse, bind, authorise, execute. Each statement that runs was authorised on
 * its own bound plan, in this order, on this connection.
 */
export async function executeQuery(
  database: RunDatabase,
  order: QueryOrder,
  context: RunContext,
): Promise<RunReport> {
  const query = withoutSemicolon(order.query);
  context.begin('parse');
  await database.parse(query);
  context.begin('bind');
  const plans = await database.plan(query, query);
  context.begin('authorise');
  const resolved = authorisePlan(plans, order.grant, sameRule(order));
  const plan = plans[0] as PlanNode;
  const described = await database.describe(query);
  const columns = described.map((column, position): QueryColumn => {
    const origin = resolved.columns[position] ?? { sources: [], plain: undefined, constant: false };
    return { ...column, origin };
  });
  if (order.algorithm === undefined && order.form === 'aggregates') throw onlyAggregates();
  if (order.algorithm === undefined) return runRows(database, order, { query, resolved, columns }, context);
  const aggregate = aggregateOf(order, order.algorithm, plan, columns);
  return runAggregate(database, order, { query, resolved, aggregate, columns }, context);
}

async function runRows(
  database: RunDatabase,
  order: QueryOrder,
  asked: { query: string; resolved: ResolvedPlan; columns: readonly QueryColumn[] },
  context: RunContext,
): Promise<RunReport> {
  const output = rowColumns(order, asked.columns, asked.resolved);
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

async function runAggregate(
  database: RunDatabase,
  order: QueryOrder,
  asked: { query: string; resolved: ResolvedPlan; aggregate: Aggregate; columns: readonly QueryColumn[] },
  context: RunContext,
): Promise<RunReport> {
  const statements = new AggregateStatements(asked.query, asked.columns.length, asked.aggregate);
  const bound = database.rows <= boundAlong;
  const statement = statements.main(bound);
  const run = async (sql: string, connection = database.connection) => {
    await authorise(database, order, sql);
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowsJS();
  };
  const byColumn = async (sql: string) => {
    await authorise(database, order, sql);
    const reader = await database.connection.runAndReadAll(sql);
    return reader.getColumnsJS();
  };
  context.begin('execute');
  // the proof of group sizes is small work that fits in beside the figures
  const persons = asked.aggregate.units.length > 0;
  const proof = bound || !persons ? undefined : run(statements.proof(), database.beside);
  const [main, proven] = await Promise.all([run(statement), proof]);
  context.begin('count persons');
  const minimum = order.minimumGroupSize;
  const smallGroups = order.smallGroups === true && order.releases === 'partials';
  const { withhold = [] } = order;
  const input = { main, proven, aggregate: asked.aggregate, minimum, smallGroups, withhold, statements, run };
  const released = await releasePartials(input);
  const rule = persons ? order.fingerprint : undefined;
  if (rule !== undefined) context.begin('fingerprint');
  const fingerprints =
    rule &&
    (await fingerprintRelease({
      rule,
      keys: await keyTypeFor(database, order, asked),
      release: released,
      aggregate: asked.aggregate,
      statements,
      run,
      columns: byColumn,
    }));
  const partials = {
    algorithm: asked.aggregate.algorithm.name,
    groups: asked.aggregate.groups.map((group) => group.name),
    ...(asked.aggregate.bins === undefined ? {} : { bins: asked.aggregate.bins }),
    ...released,
  };
  return {
    result: reportAggregate(partials, order.releases),
    statement: withoutKey(statement, order),
    read: readColumns(asked.resolved),
    phases: context.phases(),
    ...(fingerprints === undefined ? {} : { fingerprints }),
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
  const key = order.anonymize?.key;
  return key === undefined || key === '' ? statement : statement.replaceAll(key, '…');
}
