import { join } from 'node:path';

/** What was imported into one table. */
export interface TableReport {
  readonly rows: number;
  /** In the order of the source; `type` as DuckDB writes it. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** How many records were left out; `rejects` tells the first 100 by line. No reason holds a value. */
  readonly rejected: number;
  readonly rejects: readonly { readonly line: number; readonly reason: string }[];
  /** Size of the source file. */
  readonly bytes: number;
  /** How long the table took. */
  readonly ms: number;
}

/** One import of a data set: what is in the file, and what was left out. */
export interface ImportReport {
  readonly dataSet: string;
  /** 16 hexadecimal digits that stand for the declaration and the content of every source. */
  readonly fingerprint: string;
  /** Absolute path of the read-only DuckDB file. */
  readonly file: string;
  readonly tables: Readonly<Record<string, TableReport>>;
  /** How long the import took, hashing included. */
  readonly ms: number;
  /** Wall time, ISO 8601, UTC. */
  readonly importedAt: string;
  /** Whether the file was there already. */
  readonly reused: boolean;
}

/** Size, time of change and inode of a source: equal ones spare reading the source again. */
export interface SourceStamp {
  readonly file: string;
  readonly size: string;
  readonly modified: string;
  readonly inode: string;
}

/** What is kept beside the DuckDB file: the report, and what recognises the sources when they did not change. */
export interface StoredImport extends Omit<ImportReport, 'file' | 'reused'> {
  /** Wall time at which this content was last found to be that of the sources: the latest import has the greatest. */
  readonly confirmedAt: string;
  /** What is declared of the sources, see `specificationOf`. */
  readonly specification: string;
  readonly sources: readonly SourceStamp[];
}

/** Where an import of a data set keeps its data and its report. */
export function importFiles(
  folder: string,
  dataSet: string,
  fingerprint: string,
): { database: string; report: string } {
  const path = join(folder, `${dataSet}-${fingerprint}`);
  return { database: `${path}.duckdb`, report: `${path}.json` };
}

/** The report of a stored import in `folder`. */
export function reportOf(folder: string, stored: StoredImport, reused: boolean): ImportReport {
  const { dataSet, fingerprint, tables, ms, importedAt } = stored;
  return {
    dataSet,
    fingerprint,
    file: importFiles(folder, dataSet, fingerprint).database,
    tables,
    ms,
    importedAt,
    reused,
  };
}
