import type { Readable } from 'node:stream';
import type { Cell } from '../steps/index.js';

/** A row of an answer, by column. */
export type AnswerRow = Readonly<Record<string, Cell>>;

/** The rows of an Arrow IPC stream, read batch by batch. */
export async function* arrowRows(stream: Readable): AsyncGenerator<AnswerRow> {
  const { RecordBatchReader, DataType } = await import('apache-arrow');
  const reader = await RecordBatchReader.from(stream);
  for await (const batch of reader) {
    const { fields } = batch.schema;
    for (let row = 0; row < batch.numRows; row += 1) {
      const cells = fields.map((field, position): [string, Cell] => {
        const value: unknown = batch.getChildAt(position)?.get(row);
        return [field.name, DataType.isDate(field.type) ? dateCell(value) : cell(value)];
      });
      yield Object.fromEntries(cells);
    }
  }
}

function dateCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return new Date(Number(value)).toISOString().slice(0, 10);
}

function cell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === 'object' ? String(value) : (value as Cell);
}
