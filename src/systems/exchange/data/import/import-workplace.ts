import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '../../duckdb.js';
import type { DataSetSource } from './data-set-source.js';
import { importDataSet } from './import.js';
import type { ImportReport } from './import-report.js';

/** A temporary place for the tests of imports: files to import, the folder of imports, and a way to look into them. */
export class ImportWorkplace {
  readonly work = mkdtempSync(join(tmpdir(), 'starling-import-'));
  /** The folder of imports; it is not there at first. */
  readonly folder = join(this.work, 'imports');

  /** Writes a file to import; returns its path. */
  given(name: string, content: string | Buffer): string {
    const file = join(this.work, name);
    writeFileSync(file, content);
    return file;
  }

  /** Imports `tables` as data set `staff`. */
  imported(tables: DataSetSource['tables']): Promise<ImportReport> {
    return importDataSet({ dataSet: 'staff', tables }, { folder: this.folder });
  }

  /** The rows that DuckDB answers with on `file`, read-only, or on `:memory:`. */
  async ask(file: string, sql: string): Promise<Json[][]> {
    const mode = file === ':memory:' ? 'AUTOMATIC' : 'READ_ONLY';
    const instance = await DuckDBInstance.create(file, { access_mode: mode });
    const connection = await instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRowsJson();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true });
  }
}
