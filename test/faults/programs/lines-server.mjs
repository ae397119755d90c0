// Serves methods over TCP: a line `{ id, method, args }` is answered by `{ id, result }` or `{ id, error }`, after any number of
// lines `{ id, item }` from a method that tells of several things. What a connection asked for ends with it.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { plainError } from './plain-error.mjs';

/** Serves `methods`: each gets its arguments, a function that tells of an item, and a signal. Resolves when it listens. */
export async function serveLines({ host, port, methods }) {
  const server = createServer((socket) => {
    const ended = new AbortController();
    // a caller may be cut off or killed at any time, which ends its connection and nothing else; readers tell errors again
    const end = () => socket.destroy();
    socket.on('error', end);
    socket.once('close', () => ended.abort());
    socket.setNoDelay(true);
    const tell = (line) => void (socket.writable && socket.write(`${JSON.stringify(line)}\n`));
    createInterface({ input: socket })
      .on('error', end)
      .on('line', async (line) => {
        // a caller that is killed may leave half a line
        if (!line.endsWith('}')) return;
        const { id, method, args } = JSON.parse(line);
        try {
          const result = await methods[method](args, (item) => tell({ id, item }), ended.signal);
          tell({ id, result: result ?? null });
        } catch (thrown) {
          tell({ id, error: plainError(thrown) });
        }
      });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
