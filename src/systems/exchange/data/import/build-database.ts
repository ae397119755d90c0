import { join } from 'node:path';
import type { Clock } from '../../../../kernel/clock/index.js';
import { quoteName } from '../../sql-text/index.js';
import type { CheckedSource, CheckedTable } from './data-set-source.js';
import { columnsOf, createDatabase, type Database, numberOf } from './database.js';
import type { Rejects } from './declared-values.js';
import { importFailure } from './import-failure.js';
import type { SourceStamp, TableReport } from './import-report.js';
import { loadCsv } from './load-csv.js';
import { loadDuckdb } from './load-duckdb.js';
import { loadParquet } from './load-parquet.js';

export interface BuildOptions {
  readonly workFolder: string;
  readonly memoryMb: number;
  readonly clock: Clock;
}

/**
 * Writes all tables of `source` into a new DuckDB file in the work folder; returns its path and what became of each
 * table. `stamps` tells the sizes of the sources.
 */
export async function buildDatabase(
  source: CheckedSource,
  stamps: readonly SourceStamp[],
  options: BuildOptions,
): Promise<{ file: string; tables: Record<string, TableReport> }> {
  const { workFolder, memoryMb, clock } = options;
  const file = join(workFolder, 'data.duckdb');
  const sizes = new Map(stamps.map((stamp) => [stamp.file, Number(stamp.size)]));
  const database = await createDatabase(file, { spillFolder: join(workFolder, 'spill'), memoryMb });
  const reports: [string, TableReport][] = [];
  try {
    for (const table of source.tables) {
      const begun = clock.now();
      const { names, rejects } = await load(database, table, workFolder);
      const ms = clock.now() - begun;
      const bytes = sizes.get(table.file) ?? 0;
      for (const name of names) reports.push([name, await report(database, name, rejects, bytes, ms)]);
    }
    await writeAll(database, file);
  } finally {
    database.close();
  }
  return { file, tables: Object.fromEntries(reports) };
}

const noRejects: Rejects = { count: 0, first: [] };

async function load(
  database: Database,
  table: CheckedTable,
  workFolder: string,
): Promise<{ names: string[]; rejects: Rejects }> {
  try {
    switch (table.format) {
      case 'csv':
        return { names: [table.name], rejects: await loadCsv(database, table, workFolder) };
      case 'parquet':
        await loadParquet(database, table, workFolder);
        return { names: [table.name], rejects: noRejects };
      case 'duckdb':
        return { names: await loadDuckdb(database, table), rejects: noRejects };
    }
  } catch (error) {
    throw importFailure(error, `The file ${table.file} could not become table ${JSON.stringify(table.name)}`);
  }
}

/** Closing writes everything too, but would not say that it could not. */
async function writeAll(database: Database, file: string): Promise<void> {
  try {
    await database.run('CHECKPOINT');
  } catch (error) {
    throw importFailure(error, `${file} could not be written`);
  }
}

async function report(
  database: Database,
  name: string,
  rejects: Rejects,
  bytes: number,
  ms: number,
): Promise<TableReport> {
  const table = `main.${quoteName(name)}`;
  return {
    rows: await numberOf(database, `SELECT count(*) FROM ${table}`),
    columns: await columnsOf(database, table),
    rejected: rejects.count,
    rejects: rejects.first,
    bytes,
    ms,
  };
}
