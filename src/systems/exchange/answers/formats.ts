import { Readable } from 'node:stream';
import type { Result } from '../ask/request-record.js';
import type { Cell } from '../steps/index.js';
import type { AnswerRow } from './answer-rows.js';

/** A result with its rows, wherever they are kept. */
export interface ReadableResult {
  readonly result: Result;
  readonly columns: readonly string[];
  rows(): AsyncIterable<AnswerRow>;
}

/** The column that says whose answer a row is; underscores follow where a column of the answer has that name. */
export const providerColumn = 'provider';

/** How results become one table. */
export interface TableOptions {
  /** Whether a first column names the provider of each row, as where the answer holds results of several. */
  readonly labelled: boolean;
}

/** All results as one JSON document, written as it is read. */
export function jsonAnswer(request: string, results: readonly ReadableResult[]): Readable {
  return Readable.from(jsonParts(request, results), { objectMode: false });
}

async function* jsonParts(request: string, results: readonly ReadableResult[]): AsyncGenerator<string> {
  yield `{"request":${JSON.stringify(request)},"results":[`;
  for (const [position, { result, columns, rows }] of results.entries()) {
    const { providers, computedAt, named, error, table } = result;
    const head = { providers, computedAt, columns, withheld: table?.withheld, named, error };
    yield `${position === 0 ? '' : ','}${JSON.stringify(head).slice(0, -1)},"rows":[`;
    let separator = '\n';
    for await (const row of rows()) {
      yield separator + JSON.stringify(row);
      separator = ',\n';
    }
    yield ']}';
  }
  yield ']}\n';
}

/** Results as one table of comma-separated values (RFC 4180), with a header; `null` is an empty field. */
export function csvAnswer(results: readonly ReadableResult[], options: TableOptions): Readable {
  return Readable.from(csvParts(results, options), { objectMode: false });
}

async function* csvParts(
  results: readonly ReadableResult[],
  { labelled }: TableOptions,
): AsyncGenerator<string> {
  const columns = allColumns(results);
  yield csvRecord([...(labelled ? [labelOf(columns)] : []), ...columns]);
  for (const { result, rows } of results) {
    const provider = labelled ? [result.providers.join('+')] : [];
    for await (const row of rows()) {
      yield csvRecord([...provider, ...columns.map((column) => row[column] ?? null)]);
    }
  }
}

function csvRecord(values: readonly Cell[]): string {
  // many readers skip an empty line: the record of one empty field is not to look like one
  return `${values.map(csvField).join(',') || '""'}\r\n`;
}

function csvField(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Figures as an Arrow IPC stream. They are few: rows that were released are kept as Arrow from the start. */
export async function arrowAnswer(
  results: readonly ReadableResult[],
  { labelled }: TableOptions,
): Promise<Readable> {
  const { tableFromArrays, tableToIPC } = await import('apache-arrow');
  const columns = allColumns(results);
  const label = labelOf(columns);
  const values = new Map<string, Cell[]>(
    [...(labelled ? [label] : []), ...columns].map((name) => [name, []]),
  );
  for (const { result, rows } of results) {
    for await (const row of rows()) {
      if (labelled) values.get(label)?.push(result.providers.join('+'));
      for (const column of columns) values.get(column)?.push(row[column] ?? null);
    }
  }
  const arrays = Object.fromEntries([...values].map(([name, cells]) => [name, uniform(cells)]));
  return Readable.from([tableToIPC(tableFromArrays(arrays), 'stream')], { objectMode: false });
}

/** Arrow columns have one type: where cells differ in theirs, all become text. */
function uniform(cells: readonly Cell[]): readonly Cell[] {
  const types = new Set(cells.filter((cell) => cell !== null).map((cell) => typeof cell));
  return types.size > 1 ? cells.map((cell) => (cell === null ? null : String(cell))) : cells;
}

function labelOf(columns: readonly string[]): string {
  let label = providerColumn;
  while (columns.includes(label)) label += '_';
  return label;
}

function allColumns(results: readonly ReadableResult[]): string[] {
  return [...new Set(results.flatMap((one) => one.columns))];
}
