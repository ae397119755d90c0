import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { quoteName, quoteText } from '../../sql-text/index.js';
import type { CheckedTable } from './data-set-source.js';
import { columnsOf, type Database } from './database.js';

/** Makes a table of a Parquet file. Throws `input-invalid` where DuckDB would have to rename a column. */
export async function loadParquet(
  database: Database,
  table: CheckedTable,
  workFolder: string,
): Promise<void> {
  // DuckDB reads * ? [ in a path as a pattern; a link has a name without them.
  const path = join(workFolder, 'source.parquet');
  await symlink(table.file, path);
  try {
    await checkColumns(database, table.file, path);
    await database.run(`CREATE TABLE main.${quoteName(table.name)} AS FROM read_parquet(${quoteText(path)})`);
  } finally {
    await rm(path, { force: true });
  }
}

async function checkColumns(database: Database, file: string, path: string): Promise<void> {
  const read = await columnsOf(database, `FROM read_parquet(${quoteText(path)})`);
  const named = await topLevelNames(database, path);
  for (const [at, { name }] of read.entries()) {
    if (named[at] === name) continue;
    throw new StarlingError(
      'input-invalid',
      `The column ${JSON.stringify(named[at])} of ${file} has the same name as another to DuckDB. Rename one.`,
    );
  }
}

/** `parquet_schema` lists a tree in depth-first order, the root first; its children are the columns. */
async function topLevelNames(database: Database, path: string): Promise<string[]> {
  const nodes = await database.rows(
    `SELECT name, coalesce(num_children, 0) FROM parquet_schema(${quoteText(path)})`,
  );
  const names: string[] = [];
  let below = 0;
  for (const [name, children] of nodes.slice(1)) {
    if (below === 0) names.push(String(name));
    else below--;
    below += Number(children);
  }
  return names;
}
