import { type DuckDBConnection, DuckDBInstance } from './duckdb.js';

/** A database of a test. */
export interface MadeDatabase {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Opens an empty database in memory, or the file of one. */
export async function openMadeDatabase(file = ':memory:'): Promise<MadeDatabase> {
  const instance = await DuckDBInstance.create(file, { threads: '1' });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Makes the file of a database by these statements, and gives it back. */
export async function makeDatabaseFile(file: string, ...statements: readonly string[]): Promise<string> {
  const { connection, close } = await openMadeDatabase(file);
  for (const statement of statements) await connection.run(statement);
  close();
  return file;
}
