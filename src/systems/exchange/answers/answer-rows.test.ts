import { Readable } from 'node:stream';
import {
  type DataType,
  DateDay,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type AnswerRow, arrowRows } from './answer-rows.js';

interface Column {
  readonly type: DataType;
  readonly values: readonly unknown[];
}

/** An Arrow IPC stream with these columns, in batches of so many rows. */
function stream(columns: Readonly<Record<string, Column>>, rows: number, batchRows = rows): Readable {
  const schema = new Schema(Object.entries(columns).map(([name, { type }]) => new Field(name, type, true)));
  const writer = new RecordBatchStreamWriter({ autoDestroy: false });
  writer.reset(undefined, schema);
  for (let from = 0; from < rows; from += batchRows) {
    const length = Math.min(batchRows, rows - from);
    const children = Object.values(columns).map(({ type, values }) => {
      const [data] = vectorFromArray(values.slice(from, from + length), type).data;
      return data ?? makeData({ type, length: 0 });
    });
    writer.write(
      new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children })),
    );
  }
  return Readable.from([Buffer.from(writer.toUint8Array(true))]);
}

async function read(from: Readable): Promise<AnswerRow[]> {
  const rows: AnswerRow[] = [];
  for await (const row of arrowRows(from)) rows.push(row);
  return rows;
}

describe('the rows of an Arrow stream', () => {
  it('have texts and numbers as they are, and null for what is absent', async () => {
    const columns = {
      sex: { type: new Utf8(), values: ['M', null] },
      scale: { type: new Float64(), values: [null, 10.25] },
    };
    expect(await read(stream(columns, 2))).toEqual([
      { sex: 'M', scale: null },
      { sex: null, scale: 10.25 },
    ]);
  });

  it('have dates as ISO days', async () => {
    const days = {
      day: { type: new DateDay(), values: [new Date('1969-12-31'), new Date('2020-02-29'), null] },
    };
    expect(await read(stream(days, 3))).toEqual([
      { day: '1969-12-31' },
      { day: '2020-02-29' },
      { day: null },
    ]);
  });

  it('have large whole numbers as text where a number would lose digits', async () => {
    const safe = BigInt(Number.MAX_SAFE_INTEGER);
    const columns = { n: { type: new Int64(), values: [7n, safe, safe + 2n, -safe - 2n, null] } };
    expect(await read(stream(columns, 5))).toEqual([
      { n: 7 },
      { n: Number.MAX_SAFE_INTEGER },
      { n: '9007199254740993' },
      { n: '-9007199254740993' },
      { n: null },
    ]);
  });

  it('come batch after batch, in order', async () => {
    const values = Array.from({ length: 25 }, (_, i) => i);
    const rows = await read(stream({ n: { type: new Float64(), values } }, 25, 10));
    expect(rows.map(({ n }) => n)).toEqual(values);
  });

  it('are none of a stream without batches', async () => {
    expect(await read(stream({ n: { type: new Float64(), values: [] } }, 0))).toEqual([]);
  });
});
