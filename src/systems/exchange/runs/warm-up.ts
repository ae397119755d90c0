import { quoteName } from '../sql-text/index.js';
import { type Aggregate, AggregateStatements, algorithmNamed, keyTypeOf } from '../steps/index.js';
import { toCell } from './count-persons.js';
import type { RunDatabase } from './database.js';
import { executeQuery } from './execute-query.js';
import { fingerprintRelease } from './fingerprint-release.js';
import type { QueryOrder } from './order.js';
import type { RunContext } from './run-context.js';

/** Up to so many rows in the largest table, the whole data set is read once: it fits into memory with room to spare. */
const readAhead = 200_000;

/** How often the way is gone: the first time reads code, the second runs it warm. */
const rounds = 3;

/**
 * Goes the way of an order over a few rows of the data set's first table, so that the first real order finds code
 * compiled, DuckDB's threads started and, of a small data set, the file read. What comes of it is thrown away.
 */
export async function warmUp(database: RunDatabase): Promise<void> {
  const first = await database.connection.runAndReadAll(
    'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY 1, 2 LIMIT 1',
  );
  const [table, column, type] = first.getRows()[0] ?? [];
  if (typeof table !== 'string' || typeof column !== 'string') return;
  if (database.rows <= readAhead) await readTables(database);
  const order = dryOrder(table, column);
  for (let round = 0; round < rounds; round += 1) {
    await executeQuery(database, order, silence);
    await makeFingerprints(database, order.query, String(type));
  }
}

const silence: RunContext = {
  begin: () => {},
  phases: () => [],
  sink: { write: async () => {} },
};

/** A count by one column over a join of a hundred rows with themselves. */
function dryOrder(table: string, column: string): QueryOrder {
  const name = `${table}.${column}`;
  const few = `(SELECT ${quoteName(column)} FROM ${quoteName(table)} LIMIT 100)`;
  return {
    kind: 'query',
    database: '',
    query: `SELECT a.${quoteName(column)} FROM ${few} AS a JOIN ${few} AS b ON a.${quoteName(column)} = b.${quoteName(column)}`,
    grant: { [table]: '*' },
    declared: { unit: [name], measures: [], groups: [name], filters: [] },
    form: 'aggregates',
    minimumGroupSize: 1,
    extremes: false,
    algorithm: { name: 'count', groupBy: [name], total: false },
    releases: 'answer',
    limits: { timeMs: 0, memoryMegabytes: 0, rows: 0, resultBytes: 0 },
  };
}

async function readTables(database: RunDatabase): Promise<void> {
  const tables = await database.connection.runAndReadAll(
    'SELECT table_name FROM duckdb_tables() WHERE NOT internal',
  );
  for (const [table] of tables.getRows()) {
    await database.connection.run(`SELECT max(COLUMNS(*)) FROM ${quoteName(String(table))}`);
  }
}

/** What an order with a minimum group size does besides; a hundred rows could not be picked in one. */
async function makeFingerprints(database: RunDatabase, query: string, type: string): Promise<void> {
  const aggregate: Aggregate = {
    algorithm: algorithmNamed('count'),
    measures: [{ name: 'measure', sql: 'c0', type }],
    groups: [{ name: 'group', sql: 'c0' }],
    total: false,
    bins: undefined,
    units: ['c0'],
  };
  const statements = new AggregateStatements(query, 1, aggregate);
  const read = (sql: string) => database.connection.runAndReadAll(sql);
  const run = async (sql: string) => (await read(sql)).getRowsJS();
  const columns = async (sql: string) => (await read(sql)).getColumnsJS();
  const rule = { key: '0'.repeat(64), buckets: 256 };
  const keys = keyTypeOf([type, ...(await database.typesOf([]))]);
  const rows = (await run(statements.main(true))).map(([group, , ...values]) => ({
    group: [toCell(group)],
    total: false,
    state: aggregate.algorithm.read(values.slice(1).map(toCell)),
  }));
  const release = { rows, withheld: { groups: 0, total: false, minimumGroupSize: 1 } };
  await fingerprintRelease({ rule, keys, release, aggregate, statements, run, columns });
}
