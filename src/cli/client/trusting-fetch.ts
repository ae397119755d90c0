import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { StarlingError } from '../../kernel/errors/index.js';

/** As the platform's. */
export type Fetch = typeof fetch;

/**
 * A `fetch` over HTTPS that believes servers which the authorities in the PEM text `authorities` vouch for, and no others:
 * the platform's own takes them only from the environment, when the process starts. A redirection counts as a failure.
 */
export function trustingFetch(authorities: string): Fetch {
  const agent = new Agent({ ca: authorities, keepAlive: true });
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      if (url instanceof Request) throw new StarlingError('internal', 'Give an address to call over TLS.');
      const { method = 'GET', headers, body, signal } = init;
      const streamed = body instanceof ReadableStream ? Readable.fromWeb(body) : undefined;
      if (streamed === undefined && body !== undefined && body !== null && typeof body !== 'string') {
        throw new StarlingError('internal', 'A body to send over TLS must be a text or a stream.');
      }
      const call = request(url, {
        method,
        agent,
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal ? { signal } : {}),
      });
      call.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
      call.on('response', (message) => {
        const status = message.statusCode ?? 0;
        if (status >= 300 && status < 400) {
          message.destroy();
          reject(new TypeError(`it redirects, with HTTP status ${status}`));
          return;
        }
        const empty = status === 204 || status === 205;
        if (empty) message.resume();
        const fields = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
          values.map((value): [string, string] => [name, value]),
        );
        const content = empty ? null : readableBody(message);
        resolve(new Response(content, { status, headers: fields }));
      });
      if (streamed === undefined) call.end(typeof body === 'string' ? body : undefined);
      else streamed.once('error', (error) => call.destroy(error)).pipe(call);
    });
}

/** The bytes of a message as the platform's `Response` takes them. */
function readableBody(message: Readable): ReadableStream<Uint8Array> {
  const bytes = message[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await bytes.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      message.destroy(reason instanceof Error ? reason : undefined);
    },
  });
}
