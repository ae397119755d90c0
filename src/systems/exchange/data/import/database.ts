import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '../../duckdb.js';

/** One DuckDB database file that an import writes. */
export interface Database {
  /** Runs a statement and drops its result. */
  run(sql: string): Promise<void>;
  /** The rows of a query, each an array of values. */
  rows(sql: string): Promise<DuckDBValue[][]>;
  /** Releases the file. */
  close(): void;
}

export interface DatabaseOptions {
  /** Where DuckDB puts what does not fit in memory. */
  readonly spillFolder: string;
  readonly memoryMb: number;
}

/** Creates the database `file`. Nothing is ever downloaded: extensions are those that are built in. */
export async function createDatabase(file: string, options: DatabaseOptions): Promise<Database> {
  const instance = await DuckDBInstance.create(file, {
    threads: '2',
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: options.spillFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    return databaseOn(instance, await instance.connect());
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

function databaseOn(instance: DuckDBInstance, connection: DuckDBConnection): Database {
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The columns of a table or query, in order, as `DESCRIBE` tells them. */
export async function columnsOf(
  database: Database,
  relation: string,
): Promise<{ name: string; type: string }[]> {
  const rows = await database.rows(`DESCRIBE ${relation}`);
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** The one number that a query answers with. */
export async function numberOf(database: Database, sql: string): Promise<number> {
  const [row] = await database.rows(sql);
  return Number(row?.[0]);
}
