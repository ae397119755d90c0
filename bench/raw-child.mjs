// The peer: DuckDB in a warm child process, used once. It has loaded DuckDB and opened the file; told to, it runs the
// query it was given and sends the rows.
import { DuckDBInstance } from '@duckdb/node-api';

const [file, query] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY', threads: '2' });
const connection = await instance.connect();
process.on('message', async () => {
  const reader = await connection.runAndReadAll(query);
  process.send(reader.getRowObjectsJson(), () => process.disconnect());
});
process.send('ready');
