// Calls the methods of a server of lines. One connection, made again when a call needs it.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

class CallError extends Error {
  constructor({ code, message, isRefused }) {
    super(message);
    this.code = code;
    this.details = { outcome: isRefused ? 'not-done' : 'unknown' };
  }
}

const unreachable = (message) => new CallError({ code: 'unreachable', message, isRefused: true });
const connectionLost = () =>
  new CallError({ code: 'connection-lost', message: 'The connection was lost.', isRefused: false });

/** The methods of the server at an address, by their names: functions of their arguments, a function for items, and a signal. */
export function linesCaller({ host, port, connectMs = 1_000 }) {
  let connection;
  const current = () => {
    if (connection === undefined) {
      const opened = open(host, port, connectMs);
      const forget = () => {
        if (connection === opened) connection = undefined;
      };
      opened.then(({ closed }) => closed.then(forget), forget);
      connection = opened;
    }
    return connection;
  };
  return (method) => async (args, onItem, signal) => {
    const { ask, end } = await current();
    // whoever gives up a call gives up its connection too: it may lead nowhere any more
    signal?.addEventListener('abort', end, { once: true });
    try {
      return await ask(method, args, onItem);
    } finally {
      signal?.removeEventListener('abort', end);
    }
  };
}

async function open(host, port, connectMs) {
  const socket = connect(port, host);
  const calls = new Map();
  let number = 0;
  const closed = new Promise((resolve) => {
    socket.once('close', () => {
      for (const { reject } of calls.values()) reject(connectionLost());
      calls.clear();
      resolve();
    });
  });
  socket.setTimeout(connectMs, () => socket.destroy(unreachable(`${host} does not answer.`)));
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw unreachable(error.message);
  }
  socket.setTimeout(0);
  socket.setNoDelay(true);
  // what went wrong is told to each call by `close`, which follows; readers tell errors again
  const end = () => socket.destroy();
  socket.on('error', end);
  createInterface({ input: socket })
    .on('error', end)
    .on('line', (line) => {
      // a server that is killed may leave half a line
      if (!line.endsWith('}')) return;
      const { id, item, result, error } = JSON.parse(line);
      const waiting = calls.get(id);
      if (item !== undefined) return waiting?.onItem?.(item);
      calls.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new CallError(error));
    });
  const ask = (method, args, onItem) =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(unreachable('The connection was lost before the call.'));
      number += 1;
      calls.set(number, { resolve, reject, onItem });
      socket.write(`${JSON.stringify({ id: number, method, args })}\n`);
    });
  return { ask, closed, end };
}
