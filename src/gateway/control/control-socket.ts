import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { problemOf, problemType } from '../problem.js';
import { controlSocketPath } from './socket-path.js';

/** What an operation is given. */
export interface ControlInput {
  readonly query: URLSearchParams;
  /** What the body holds, as JSON; undefined where there is none. */
  readonly body: unknown;
}

/** Operations by method and path, such as `PUT /agreement`; each gives what is answered as JSON. */
export type ControlOperations = Readonly<Record<string, (input: ControlInput) => Promise<object>>>;

export interface ControlSocketOptions {
  /** The data folder, which this process has to itself. */
  readonly folder: string;
  readonly operations: ControlOperations;
  readonly logger: Logger;
}

/** A socket that is served. */
export interface ControlSocket {
  /** Takes no more calls, and resolves when those in hand are answered and the socket is gone. */
  close(): Promise<void>;
}

const bodyBytes = 1024 * 1024;

/**
 * Serves operations on the control socket of a data folder, to its owner alone. Throws `configuration-invalid` where the path
 * is too long, `storage-failed` where it cannot be made.
 */
export async function openControlSocket(options: ControlSocketOptions): Promise<ControlSocket> {
  const { folder } = options;
  const path = controlSocketPath(folder);
  const server = createServer((request, response) => void answer(request, response, options));
  try {
    await rm(path, { force: true });
    listenForOwner(server, path);
    await once(server, 'listening');
  } catch (error) {
    throw StarlingError.from(error, 'storage-failed', `The control socket ${path} cannot be made`);
  }
  return {
    close: async () => {
      server.close();
      server.closeIdleConnections();
      await once(server, 'close');
    },
  };
}

/** The socket is made in this turn, with its mode: made first and closed afterwards, it would be open for a moment. */
function listenForOwner(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { operations, logger }: ControlSocketOptions,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://control');
  const name = `${request.method} ${pathname}`;
  try {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined) throw noSuch(name, operations);
    const result = await operation({ query, body: await bodyOf(request) });
    send(response, 200, 'application/json', result);
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    if (error.code === 'internal')
      logger.error({ err: error, operation: name }, 'a control operation failed');
    const problem = problemOf(error, pathname);
    send(response, problem.status, problemType, problem);
  }
}

/** One call per connection: what is left open would hold the process that is to stop. */
function send(response: ServerResponse, status: number, type: string, value: object): void {
  response.writeHead(status, { 'content-type': type, connection: 'close' }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // read to its end all the same, so that whoever sends it hears why it is not taken
    if (bytes <= bodyBytes) chunks.push(chunk);
  }
  if (bytes > bodyBytes) {
    throw new StarlingError('input-too-large', `The body has more than ${bodyBytes} bytes. Send less.`);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (cause) {
    throw new StarlingError('input-invalid', 'The body is not JSON. Send JSON.', { cause });
  }
}

function noSuch(name: string, operations: ControlOperations): StarlingError {
  const known = Object.keys(operations).join(', ');
  const message = `There is no operation ${name} here; there are ${known}. Use the \`starling\` of the version that runs.`;
  return new StarlingError('not-found', message, { details: { operation: name } });
}
