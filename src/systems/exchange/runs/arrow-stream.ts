import {
  Bool,
  type DataType,
  DateDay,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { DuckDBDateValue, type DuckDBType, type DuckDBValue } from '../duckdb.js';

/** The end-of-stream marker of the Arrow IPC streaming format. */
const endOfStream = new Uint8Array(Int32Array.of(-1, 0).buffer);
const millisecondsPerDay = 86_400_000;

/** Encodes columns as an Arrow IPC stream: the schema first, then one record batch at a time, then the end. */
export class ArrowStream {
  readonly #schema: Schema;
  readonly #schemaBytes: Uint8Array;

  /** @param columns names and DuckDB types; types without a plain Arrow counterpart are given as text */
  constructor(columns: readonly { readonly name: string; readonly type: DuckDBType }[]) {
    this.#schema = new Schema(
      columns.map(({ name, type }) => new Field(name, arrowType(String(type)), true)),
    );
    this.#schemaBytes = this.#write(undefined);
  }

  schema(): Uint8Array {
    return this.#schemaBytes;
  }

  /** @param columns the batch's values by column, each of the same length */
  batch(columns: readonly (readonly DuckDBValue[])[], rows: number): Uint8Array {
    const children = this.#schema.fields.map((field, position) => {
      const values = (columns[position] ?? []).map((value) => arrowValue(value, field.type));
      const [data] = vectorFromArray(values, field.type).data;
      return data ?? makeData({ type: field.type, length: 0 });
    });
    const data = makeData({ type: new Struct(this.#schema.fields), length: rows, nullCount: 0, children });
    // a writer begins with the schema, which the stream already has
    return this.#write(new RecordBatch(this.#schema, data)).subarray(this.#schemaBytes.byteLength);
  }

  end(): Uint8Array {
    return endOfStream;
  }

  #write(batch: RecordBatch | undefined): Uint8Array {
    const writer = new RecordBatchStreamWriter({ autoDestroy: false });
    writer.reset(undefined, this.#schema);
    if (batch !== undefined) writer.write(batch);
    return writer.toUint8Array(true);
  }
}

function arrowType(type: string): DataType {
  switch (type) {
    case 'BOOLEAN':
      return new Bool();
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'UTINYINT':
    case 'USMALLINT':
      return new Int32();
    case 'BIGINT':
    case 'UINTEGER':
      return new Int64();
    case 'DOUBLE':
    case 'FLOAT':
      return new Float64();
    case 'DATE':
      return new DateDay();
    default:
      return new Utf8();
  }
}

function arrowValue(value: DuckDBValue, type: DataType): unknown {
  if (value === null) return null;
  if (type instanceof Utf8) return typeof value === 'string' ? value : String(value);
  if (type instanceof Int64) return BigInt(value as bigint | number);
  if (value instanceof DuckDBDateValue) return new Date(value.days * millisecondsPerDay);
  return value;
}
