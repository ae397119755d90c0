import { StarlingError } from '../../../../kernel/errors/index.js';
import { foldedName, quoteName, quoteText } from '../../sql-text/index.js';
import { type CheckedTable, everyTable } from './data-set-source.js';
import type { Database } from './database.js';

/** Copies one table of a DuckDB file, or every one of its schema `main`. Returns the names of the tables made. */
export async function loadDuckdb(database: Database, table: CheckedTable): Promise<string[]> {
  await database.run(`ATTACH ${quoteText(table.file)} AS source (READ_ONLY, TYPE duckdb)`);
  try {
    const there = await tablesIn(database);
    if (table.name === everyTable) {
      for (const name of there) await copy(database, name, name);
      return there;
    }
    const wanted = there.find((name) => foldedName(name) === foldedName(table.table));
    if (wanted === undefined) {
      throw new StarlingError(
        'input-invalid',
        `${table.file} has no table ${JSON.stringify(table.table)}. It has: ${there.join(', ') || 'none'}.`,
      );
    }
    await copy(database, wanted, table.name);
    return [table.name];
  } finally {
    await database.run('DETACH source');
  }
}

/** Base tables only: a view could read anything when it is asked. */
async function tablesIn(database: Database): Promise<string[]> {
  const rows = await database.rows(
    "SELECT table_name FROM duckdb_tables() WHERE database_name = 'source' AND schema_name = 'main' ORDER BY 1",
  );
  return rows.map(([name]) => String(name));
}

async function copy(database: Database, from: string, to: string): Promise<void> {
  await database.run(`CREATE TABLE main.${quoteName(to)} AS FROM source.main.${quoteName(from)}`);
}
