import { quoteName } from '../sql-text/index.js';
import type { RunDatabase } from './database.js';
import { executeQuery, type RunContext } from './execute-query.js';
import type { QueryOrder } from './order.js';

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
    'SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY 1, 2 LIMIT 1',
  );
  const [table, column] = first.getRows()[0] ?? [];
  if (typeof table !== 'string' || typeof column !== 'string') return;
  if (database.rows <= readAhead) await readTables(database);
  const order = dryOrder(table, column);
  for (let round = 0; round < rounds; round += 1) await executeQuery(database, order, silence);
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
