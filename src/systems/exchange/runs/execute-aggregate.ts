import type { Fit } from '../model/index.js';
import { type Aggregate, AggregateStatements, type KeyType, type Partials } from '../steps/index.js';
import { releasePartials } from './count-persons.js';
import type { RunDatabase } from './database.js';
import { fingerprintRelease } from './fingerprint-release.js';
import { inRounds, readRound } from './in-rounds.js';
import type { QueryOrder, RunReport } from './order.js';
import { reportAggregate } from './report-aggregate.js';
import type { RunContext } from './run-context.js';

/** Up to so many rows in the largest table, group sizes are proven in the same statement. */
const boundAlong = 200_000;

/** What is to be held to when figures are released. */
export type ReleaseRule = Pick<
  QueryOrder,
  'minimumGroupSize' | 'smallGroups' | 'releases' | 'withhold' | 'fingerprint'
>;

/** An aggregate over the rows of a statement, however those came about. */
export interface AskedAggregate {
  readonly rule: ReleaseRule;
  /** The statement that gives the rows, and how many columns it has. */
  readonly query: string;
  readonly columns: number;
  readonly aggregate: Aggregate;
  /** About how many rows are read. */
  readonly rows: number;
  /** How persons' keys are read. */
  readonly keys: () => Promise<KeyType>;
  /** Throws where a statement may not run; called with each before it does. */
  readonly authorise: (statement: string) => Promise<void>;
}

/** What came of it: the result under `rule`, the statement of the figures, and what the ledger of releases needs. */
export type AggregateReport = Required<Pick<RunReport, 'result' | 'statement'>> &
  Pick<RunReport, 'fingerprints'>;

/** Computes figures, counts the persons of each group, and holds back what is of too few. */
export async function executeAggregate(
  database: RunDatabase,
  { rule, query, columns, aggregate, rows, keys, authorise }: AskedAggregate,
  context: RunContext,
): Promise<AggregateReport> {
  const statements = new AggregateStatements(query, columns, aggregate);
  // buckets are too many rows to note persons in each
  const bound = rows <= boundAlong && aggregate.algorithm.bucket === undefined && aggregate.fit === undefined;
  const statement = statements.main(bound);
  const run = async (sql: string, connection = database.connection) => {
    await authorise(sql);
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowsJS();
  };
  const byColumn = async (sql: string) => {
    await authorise(sql);
    const reader = await database.connection.runAndReadAll(sql);
    return reader.getColumnsJS();
  };
  context.begin('execute');
  // the proof of group sizes is small work that fits in beside the figures
  const persons = aggregate.units.length > 0;
  const proof = bound || !persons ? undefined : run(statements.proof(), database.beside);
  const [main, proven] = await Promise.all([run(statement), proof]);
  context.begin('count persons');
  const { minimumGroupSize: minimum, withhold = [], releases } = rule;
  const smallGroups = rule.smallGroups === true && releases === 'partials';
  const input = { main, proven, aggregate, minimum, smallGroups, withhold, statements, run };
  const released = await releasePartials(input);
  const kept = persons ? rule.fingerprint : undefined;
  if (kept !== undefined) context.begin('fingerprint');
  const fingerprints =
    kept &&
    (await fingerprintRelease({
      rule: kept,
      keys: await keys(),
      release: released,
      aggregate,
      statements,
      run,
      columns: byColumn,
    }));
  const partials: Partials = {
    algorithm: aggregate.algorithm.name,
    groups: aggregate.groups.map((group) => group.name),
    ...(aggregate.bins === undefined ? {} : { bins: aggregate.bins }),
    ...(aggregate.quantiles === undefined ? {} : { quantiles: aggregate.quantiles }),
    ...(aggregate.fit === undefined ? {} : { fit: aggregate.fit }),
    ...(aggregate.algorithm.several ? { columns: aggregate.measures.map(({ name }) => name) } : {}),
    ...released,
  };
  const round = async (fit: Fit) => {
    context.begin('execute');
    const [row] = await run(new AggregateStatements(query, columns, { ...aggregate, fit }).main(false));
    return readRound(row, aggregate, { fit, minimum: released.withheld.minimumGroupSize });
  };
  const result = releases === 'answer' ? await inRounds(partials, round) : partials;
  return {
    result: reportAggregate(result, releases),
    statement,
    ...(fingerprints === undefined ? {} : { fingerprints }),
  };
}
