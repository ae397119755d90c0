import { StarlingError } from '../../../kernel/errors/index.js';
import { type PlanError, type PlanNode, parsePlan, planError } from '../authorise/index.js';
import { type DuckDBConnection, DuckDBInstance } from '../duckdb.js';
import { foldedName, quoteText } from '../sql-text/index.js';
import { statementError } from './duckdb-errors.js';

/** How a statement begins that is parsed the quick way; whatever else it is, its bound plan is authorised all the same. */
const looksLikeSelect = /^\s*(SELECT|WITH|FROM)\b/i;

/**
 * DuckDB as a run uses it: one read-only file, no other file, no extension, and settings that cannot be changed. It is
 * sealed before a requester's statement is looked at.
 */
export class RunDatabase {
  readonly path: string | undefined;
  readonly memoryMegabytes: number;
  /** Rows of the largest table. */
  readonly rows: number;
  readonly #instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** For a statement that runs beside another. */
  readonly beside: DuckDBConnection;

  private constructor(
    path: string | undefined,
    memoryMegabytes: number,
    rows: number,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    beside: DuckDBConnection,
  ) {
    this.path = path;
    this.memoryMegabytes = memoryMegabytes;
    this.rows = rows;
    this.#instance = instance;
    this.connection = connection;
    this.beside = beside;
  }

  /**
   * Throws `data-set-unavailable`.
   *
   * @param others files besides the data set that may be read, or pipes that may be written
   */
  static async open(
    path: string | undefined,
    memoryMegabytes: number,
    threads: number,
    others: readonly string[] = [],
  ): Promise<RunDatabase> {
    try {
      const instance = await DuckDBInstance.create(path ?? ':memory:', {
        ...(path === undefined ? {} : { access_mode: 'READ_ONLY' }),
        threads: String(threads),
        memory_limit: `${Math.floor(memoryMegabytes)}MB`,
        temp_directory: '',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      });
      const connection = await instance.connect();
      const size = await connection.runAndReadAll('SELECT max(estimated_size) FROM duckdb_tables()');
      if (others.length > 0)
        await connection.run(`SET allowed_paths = [${others.map(quoteText).join(', ')}]`);
      await connection.run('SET enable_external_access = false');
      // from here on nothing can be changed, whatever a statement tries
      await connection.run('SET lock_configuration = true');
      const rows = Number(size.getRows()[0]?.[0] ?? 0);
      return new RunDatabase(path, memoryMegabytes, rows, instance, connection, await instance.connect());
    } catch (error) {
      throw new StarlingError(
        'data-set-unavailable',
        'The data set cannot be opened. Its provider has to import it again.',
        {
          cause: error,
        },
      );
    }
  }

  /** Parses without binding; throws where it is not exactly one SELECT statement. */
  async parse(query: string): Promise<void> {
    if (query.includes('\0')) {
      throw new StarlingError('statement-invalid', 'The query holds a NUL character. Remove it.');
    }
    if (looksLikeSelect.test(query) && (await this.#statements(query)) === 1) return;
    // the slower way tells what is wrong, and where
    const answer = JSON.parse(await this.#text(`SELECT json_serialize_sql(${quoteText(query)})`)) as {
      error: boolean;
      statements?: unknown[];
    };
    if (answer.error) throw statementError(planError(answer), query);
    const count = answer.statements?.length ?? 0;
    if (count === 1) return;
    throw new StarlingError(
      count === 0 ? 'statement-invalid' : 'statement-refused',
      count === 0
        ? 'The query is empty. Ask with one SELECT statement.'
        : `The query holds ${count} statements. Ask with one SELECT statement.`,
    );
  }

  /** What the parser says is wrong with a statement; `undefined` where it parses. */
  async parserError(query: string): Promise<PlanError | undefined> {
    const answer = JSON.parse(await this.#text(`SELECT json_serialize_sql(${quoteText(query)})`)) as {
      error: boolean;
    };
    return answer.error ? planError(answer) : undefined;
  }

  /** How many statements a text holds; 0 where it does not parse. */
  async #statements(query: string): Promise<number> {
    try {
      return (await this.connection.extractStatements(query)).count;
    } catch {
      // what is wrong with it, and where, is told by the caller's second look
      return 0;
    }
  }

  /** Binds a statement and returns its plan; `source` is the requester's text, which positions refer to. */
  async plan(statement: string, source: string): Promise<PlanNode[]> {
    // fields that are null are left out; defaults are not: a column index of 0 is one
    const text = await this.#text(`SELECT json_serialize_plan(${quoteText(statement)}, skip_null := true)`);
    const answer = parsePlan(text);
    if ('error' in answer) throw statementError(answer.error, source);
    return answer.plans;
  }

  /** Names and types of the columns that a statement gives; beside what else is done. */
  async describe(statement: string): Promise<{ name: string; type: string }[]> {
    const prepared = await this.beside.prepare(statement);
    try {
      return Array.from({ length: prepared.columnCount }, (_, position) => ({
        name: prepared.columnName(position),
        type: prepared.columnType(position).toString(),
      }));
    } finally {
      prepared.destroySync();
    }
  }

  /** The types of the named columns, `Table.column` each; of those that are not there, none. */
  async typesOf(columns: readonly string[]): Promise<string[]> {
    const wanted = new Set(columns.map(foldedName));
    const reader = await this.connection.runAndReadAll(
      "SELECT table_name || '.' || column_name, data_type FROM duckdb_columns() WHERE NOT internal",
    );
    const found = reader.getRows().filter(([name]) => wanted.has(foldedName(String(name))));
    return found.map(([, type]) => String(type));
  }

  async #text(sql: string): Promise<string> {
    const reader = await this.connection.runAndReadAll(sql);
    return String(reader.getRows()[0]?.[0]);
  }

  close(): void {
    this.connection.closeSync();
    this.beside.closeSync();
    this.#instance.closeSync();
  }
}
