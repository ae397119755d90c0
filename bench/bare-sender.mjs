// The peer's sender: DuckDB writes Parquet into a named pipe, and plain Node posts what comes out of it.
import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { request } from 'node:http';
import { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';

const [file, query, pipe] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY', threads: '2' });
const connection = await instance.connect();
execFileSync('mkfifo', [pipe]);
process.on('message', async (url) => {
  const rows = new Socket({ fd: openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
  const posting = request(url, { method: 'POST' });
  const answered = new Promise((resolve) =>
    posting.once('response', (response) => resolve(response.resume())),
  );
  const copied = connection.run(`COPY (${query}) TO '${pipe}' (FORMAT parquet, USE_TMP_FILE false)`);
  await Promise.all([copied, pipeline(rows, posting), answered]);
  process.send('sent', () => process.disconnect());
});
process.send('ready');
