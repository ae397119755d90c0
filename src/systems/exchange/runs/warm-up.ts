import { authorisePlan } from '../authorise/index.js';
import { quoteName } from '../steps/index.js';
import type { RunDatabase } from './database.js';

/** Up to so many rows in the largest table, the whole data set is read once: it fits into memory with room to spare. */
const readAhead = 200_000;

/**
 * Goes the way of an order once over the data set's first table, so that the first order finds code compiled, DuckDB's
 * threads started and, of a small data set, the file read. What comes of it is thrown away.
 */
export async function warmUp(database: RunDatabase): Promise<void> {
  const first = await database.connection.runAndReadAll(
    'SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY 1, 2 LIMIT 1',
  );
  const [table, column] = first.getRows()[0] ?? [];
  if (typeof table !== 'string' || typeof column !== 'string') return;
  const name = quoteName(column);
  const statement = `SELECT count(*), count(DISTINCT q.${name}) FROM (SELECT ${name} FROM ${quoteName(table)} LIMIT 100) AS q`;
  if (database.rows <= readAhead) await readTables(database);
  for (let round = 0; round < 2; round += 1) {
    await database.parse(statement);
    authorisePlan(await database.plan(statement, statement), { [table]: '*' });
    await database.describe(statement);
    const reader = await database.connection.runAndReadAll(statement);
    reader.getRowsJS();
  }
}

async function readTables(database: RunDatabase): Promise<void> {
  const tables = await database.connection.runAndReadAll(
    'SELECT table_name FROM duckdb_tables() WHERE NOT internal',
  );
  for (const [table] of tables.getRows()) {
    await database.connection.run(`SELECT max(COLUMNS(*)) FROM ${quoteName(String(table))}`);
  }
}
