import { open } from 'node:fs/promises';
import { DataType, Message, type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from '../duckdb.js';
import { type StepAt, type StepFault, stepFailed } from '../foreign/step-fault.js';
import type { StepColumns, StepColumnType } from '../model/index.js';
import { quoteName } from '../sql-text/index.js';
import { arrowFrames, BadFrame } from './arrow-frames.js';

/** What a foreign step may give back: columns that have to be there, and others that may. */
export interface ExpectedColumns {
  readonly needed: StepColumns;
  readonly allowed: StepColumns;
}

const duckdbTypes: Readonly<Record<StepColumnType, DuckDBType>> = {
  boolean: BOOLEAN,
  integer: BIGINT,
  number: DOUBLE,
  date: DATE,
  text: VARCHAR,
};
/** Rows that one chunk of DuckDB holds. */
const chunkRows = 2048;
const millisecondsPerDay = 86_400_000;

/**
 * Reads what a foreign step gave from a file into the table `step.came_back`, batch by batch. Throws `step-failed` where it is
 * not what is expected.
 *
 * @param mostRows rows that may come
 * @returns the number of rows
 */
export async function readArrow(
  connection: DuckDBConnection,
  path: string,
  { needed, allowed }: ExpectedColumns,
  mostRows: number,
  at: StepAt,
): Promise<number> {
  const file = await open(path, 'r');
  try {
    const frames = arrowFrames(file, (metadata) => Message.decode(metadata).bodyLength);
    const reader = await RecordBatchReader.from(frames).then((opened) => opened.open());
    const columns = checked(reader.schema, { needed, allowed }, at);
    return await fill(connection, reader, columns, mostRows, at);
  } catch (error) {
    throw asFault(error, at);
  } finally {
    await file.close();
  }
}

async function fill(
  connection: DuckDBConnection,
  batches: AsyncIterable<RecordBatch>,
  columns: StepColumns,
  mostRows: number,
  at: StepAt,
): Promise<number> {
  const names = Object.keys(columns);
  const types = names.map((name) => duckdbTypes[columns[name] ?? 'text']);
  const list = names.map((name, i) => `${quoteName(name)} ${types[i]}`).join(', ');
  // in memory, beside the data set, which is read-only
  await connection.run("ATTACH ':memory:' AS step (READ_WRITE)");
  await connection.run(`CREATE TABLE step.came_back (${list})`);
  const appender = await connection.createAppender('came_back', 'main', 'step');
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.numRows;
    if (rows > mostRows) throw stepFailed(at, 'too-large', { more: `more than ${mostRows} rows` });
    const vectors = names.map((name) => batch.getChild(name));
    for (let from = 0; from < batch.numRows; from += chunkRows) {
      const to = Math.min(batch.numRows, from + chunkRows);
      const chunk = DuckDBDataChunk.create(types, to - from);
      names.forEach((name, i) => {
        const values: DuckDBValue[] = [];
        const read = readerOf(columns[name] ?? 'text');
        for (let row = from; row < to; row += 1) {
          const value: unknown = vectors[i]?.get(row) ?? null;
          values.push(value === null ? null : read(value));
        }
        chunk.setColumnValues(i, values);
      });
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
  return rows;
}

/** Turns a value as Arrow gives it into one of DuckDB. */
function readerOf(type: StepColumnType): (value: unknown) => DuckDBValue {
  switch (type) {
    case 'boolean':
      return (value) => value === true;
    case 'integer':
      return (value) => BigInt.asIntN(64, BigInt(value as number | bigint));
    case 'number':
      return (value) => Number(value);
    case 'date':
      return (value) => new DuckDBDateValue(Math.floor(Number(value) / millisecondsPerDay));
    case 'text':
      return (value) => String(value);
  }
}

/** The columns that are there, by class; throws where they are not those that are expected. */
function checked(schema: Schema, { needed, allowed }: ExpectedColumns, at: StepAt): StepColumns {
  // a name or type that the step made up can hold data, so that only the party's log gets it
  const wrong = (more: string, cause?: string) => stepFailed(at, 'schema', { more, cause });
  const found: StepColumns = {};
  for (const { name, type } of schema.fields) {
    const wanted = ownOf(needed, name) ?? ownOf(allowed, name);
    if (wanted === undefined) throw wrong('a column that is neither sent nor declared', name);
    if (Object.hasOwn(found, name)) throw wrong(`column ${name} is there twice`);
    if (!fits(type, wanted)) throw wrong(`column ${name} is not of class ${wanted}`, String(type));
    found[name] = wanted;
  }
  const missing = Object.keys(needed).find((name) => !Object.hasOwn(found, name));
  if (missing !== undefined) throw wrong(`column ${missing} is missing`);
  return found;
}

const ownOf = (columns: StepColumns, name: string): StepColumnType | undefined =>
  Object.hasOwn(columns, name) ? columns[name] : undefined;

function fits(given: DataType, wanted: StepColumnType): boolean {
  const type: DataType = DataType.isDictionary(given) ? given.dictionary : given;
  switch (wanted) {
    case 'boolean':
      return DataType.isBool(type);
    case 'integer':
      return DataType.isInt(type);
    case 'number':
      return DataType.isInt(type) || DataType.isFloat(type);
    case 'date':
      return DataType.isDate(type);
    case 'text':
      return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  }
}

/** What reading failed with: the step's fault, unless it is one of the machine. */
function asFault(error: unknown, at: StepAt): unknown {
  if (error instanceof BadFrame) return stepFailed(at, error.fault, { cause: error });
  const isArrow = error instanceof RangeError || error instanceof TypeError || isOfArrow(error);
  const fault: StepFault = 'garbage';
  return isArrow ? stepFailed(at, fault, { cause: error }) : error;
}

/** Arrow's reader throws plain errors, where DuckDB and the file system say of what kind theirs are. */
function isOfArrow(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'Error' || 'code' in error) return false;
  return !/^[A-Z][A-Za-z ]* Error:/.test(error.message);
}
