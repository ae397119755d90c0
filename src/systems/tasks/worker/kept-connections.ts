import { Agent, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { isSystemError } from '../../../kernel/errors/index.js';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal;
}

/** An answer that was read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Requests to one origin over connections that are kept. Not `fetch`: the streams that it makes for each call cost as much
 * of the processor as the rest of a task does.
 */
export class KeptConnections {
  readonly #url: URL;
  readonly #isSecure: boolean;
  readonly #agent: Agent;

  /** The origin, as in `http://127.0.0.1:8080`. */
  constructor(url: string) {
    this.#url = new URL(url);
    this.#isSecure = this.#url.protocol === 'https:';
    this.#agent = this.#isSecure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  }

  /**
   * Rejects with the system's error where there is no answer, or none to its end. Only for what may be said twice: it is
   * said again where the other side had closed a connection that was kept, as it may do at any moment.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    for (;;) {
      const answer = await this.#sendOnce(request);
      if (answer !== 'closed before') return answer;
    }
  }

  #sendOnce({ body, ...options }: HttpRequest): Promise<HttpAnswer | 'closed before'> {
    return new Promise((resolve, reject) => {
      const send = this.#isSecure ? requestHttps : requestHttp;
      const request = send(this.#url, { ...options, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
        );
        response.once('error', reject);
      });
      request.on('error', (error) => {
        if (request.reusedSocket && isClosed(error)) resolve('closed before');
        else reject(error);
      });
      request.end(body);
    });
  }
}

function isClosed(error: Error): boolean {
  return isSystemError(error, 'ECONNRESET') || isSystemError(error, 'EPIPE');
}
