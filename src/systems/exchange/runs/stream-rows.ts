import { StarlingError } from '../../../kernel/errors/index.js';
import type { DuckDBConnection, DuckDBValue } from '../duckdb.js';
import type { RunLimits } from './order.js';

/** Where the bytes of an Arrow IPC stream go; `write` resolves when more may be written. */
export interface RowSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Rows per record batch: large enough for columns to be worth it, small enough to stay flat in memory. */
const batchRows = 16_384;

/**
 * Executes an authorised statement and writes its rows as an Arrow IPC stream, batch by batch, no faster than the sink
 * takes them. Throws `result-too-large` at the first batch over the limits.
 *
 * @returns the number of rows
 */
export async function streamRows(
  connection: DuckDBConnection,
  statement: string,
  limits: RunLimits,
  sink: RowSink,
): Promise<number> {
  // loaded here: runs that release aggregates, which is most of them, start without it
  const { ArrowStream } = await import('./arrow-stream.js');
  const result = await connection.stream(statement);
  const types = result.columnTypes();
  const names = result.columnNames();
  const stream = new ArrowStream(types.map((type, position) => ({ name: names[position] ?? '', type })));
  let bytes = 0;
  let rows = 0;
  const write = async (part: Uint8Array) => {
    bytes += part.byteLength;
    if (bytes > limits.resultBytes) throw tooLarge(`${Math.floor(limits.resultBytes / 1_000_000)} MB`);
    await sink.write(part);
  };
  await write(stream.schema());
  let pending: DuckDBValue[][] = types.map(() => []);
  let count = 0;
  const flush = async () => {
    if (count === 0) return;
    await write(stream.batch(pending, count));
    pending = types.map(() => []);
    count = 0;
  };
  for await (const chunk of chunksOf(result)) {
    chunk.forEach((values, position) => {
      for (const value of values) pending[position]?.push(value);
    });
    const size = chunk[0]?.length ?? 0;
    count += size;
    rows += size;
    if (rows > limits.rows) throw tooManyRows(limits);
    if (count >= batchRows) await flush();
  }
  await flush();
  await write(stream.end());
  return rows;
}

async function* chunksOf(
  result: Awaited<ReturnType<DuckDBConnection['stream']>>,
): AsyncGenerator<readonly (readonly DuckDBValue[])[]> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getColumns();
  }
}

/** The refusal of more rows than a run may release. */
export function tooManyRows({ rows }: Pick<RunLimits, 'rows'>): StarlingError {
  return tooLarge(`${rows} rows`);
}

function tooLarge(limit: string): StarlingError {
  return new StarlingError(
    'result-too-large',
    `The result is larger than its limit of ${limit}. Ask for fewer rows or columns, or ask the provider for a higher limit.`,
    { details: { limit } },
  );
}
