import type { IncomingMessage, ServerResponse } from 'node:http';
import { openMadeServer } from '../../../kernel/made-server/index.js';

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
  const { url, close } = await openMadeServer((request, response) => {
    calls.push(request.headers);
    // a step that fails by itself is one that breaks its answer off
    Promise.resolve(answer(request, response)).catch((error: Error) => response.destroy(error));
  });
  return {
    url: `${url}/step`,
    calls,
    close,
  };
}

/** Everything that comes in a stream. */
export async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
