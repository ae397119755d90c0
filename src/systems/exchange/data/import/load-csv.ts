import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { foldedName, quoteName } from '../../sql-text/index.js';
import { CsvNormaliser, type CsvSummary, detailedRejects } from '../csv/index.js';
import { type ColumnPlan, planColumns } from './column-types.js';
import type { CheckedTable } from './data-set-source.js';
import { type Database, numberOf } from './database.js';
import { firstMisfit, type Rejects, rejectsOfTypes } from './declared-values.js';
import { type NormalisedFile, readTyped } from './normalised-file.js';

const chunkBytes = 1024 * 1024;

/** Makes a table of a CSV file, by way of its normalised form in `workFolder`. Returns what was left out. */
export async function loadCsv(database: Database, table: CheckedTable, workFolder: string): Promise<Rejects> {
  const path = join(workFolder, 'normalised.csv');
  try {
    const summary = await normalise(table, path);
    checkHeader(summary.header, table.file);
    const file = { path, header: summary.header, quotedLineEnds: summary.quotedLineEnds };
    const columns = await planColumns(database, table, file, summary.records);
    const misfits = await rejectsOfTypes(database, file, columns);
    await createTable(database, table.name, file, columns);
    const rows = await numberOf(database, `SELECT count(*) FROM main.${quoteName(table.name)}`);
    if (rows + misfits.count !== summary.records) {
      throw new StarlingError(
        'internal',
        `DuckDB took ${rows} of ${summary.records - misfits.count} records of ${table.file}. Report this with the file's form.`,
      );
    }
    const first = [...summary.rejects, ...misfits.first]
      .sort((a, b) => a.line - b.line)
      .slice(0, detailedRejects);
    return { count: summary.rejected + misfits.count, first };
  } finally {
    await rm(path, { force: true });
  }
}

async function normalise(table: CheckedTable, path: string): Promise<CsvSummary> {
  const normaliser = new CsvNormaliser({
    name: table.file,
    form: 'numbered',
    ...(table.delimiter === undefined ? {} : { delimiter: table.delimiter }),
  });
  await pipeline(
    createReadStream(table.file, { highWaterMark: chunkBytes }),
    (source: AsyncIterable<Buffer>) => normaliser.normalise(source),
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  );
  return normaliser.summary;
}

/** Names are kept exactly, so a header that DuckDB would have to change is refused. */
function checkHeader(header: readonly string[], file: string): void {
  const seen = new Map<string, string>();
  for (const [at, name] of header.entries()) {
    if (name === '') {
      throw new StarlingError(
        'input-invalid',
        `Column ${at + 1} of ${file} has no name in the header. Give it one.`,
      );
    }
    const other = seen.get(foldedName(name));
    if (other !== undefined) {
      throw new StarlingError(
        'input-invalid',
        `The header of ${file} names the columns ${JSON.stringify(other)} and ${JSON.stringify(name)}, which are the same to DuckDB. Rename one.`,
      );
    }
    seen.set(foldedName(name), name);
  }
}

async function createTable(
  database: Database,
  name: string,
  file: NormalisedFile,
  columns: readonly ColumnPlan[],
): Promise<void> {
  const selected = columns.map(({ name: column, castTo }) =>
    castTo === undefined
      ? quoteName(column)
      : `CAST(${quoteName(column)} AS ${castTo}) AS ${quoteName(column)}`,
  );
  const which = firstMisfit(columns);
  const from = readTyped(
    file,
    columns.map(({ readAs }) => readAs),
  );
  const where = which === undefined ? '' : ` WHERE (${which}) IS NULL`;
  await database.run(
    `CREATE TABLE main.${quoteName(name)} AS SELECT ${selected.join(', ')} FROM ${from}${where}`,
  );
}
