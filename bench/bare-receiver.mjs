// The peer's receiver: plain Node keeps what is posted in a file, and DuckDB computes over it.
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';

const [file, query] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
let bytes = 0;
const server = createServer(async (posted, response) => {
  posted.on('data', (part) => {
    bytes += part.length;
  });
  await pipeline(posted, createWriteStream(file));
  response.end();
  const reader = await connection.runAndReadAll(query.replace('$file', file));
  process.send({ rows: reader.getRowObjectsJson(), bytes }, () => process.exit(0));
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
