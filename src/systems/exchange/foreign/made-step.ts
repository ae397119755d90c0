import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A foreign step of a test, really listening. */
export interface MadeStep {
  readonly url: string;
  /** The calls that came, by their headers. */
  readonly calls: readonly IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** Starts a step on a free port of this machine; `answer` is all that it does. */
export async function madeStep(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<MadeStep> {
  const calls: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    calls.push(request.headers);
    // a step that fails by itself is one that breaks its answer off
    Promise.resolve(answer(request, response)).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/step`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Everything that comes in a stream. */
export async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
