import { readFileSync } from 'node:fs';
import { isErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import type { Work, WorkerContract } from './contract.js';
import { type HttpAnswer, type HttpRequest, KeptConnections } from './kept-connections.js';

export interface HttpContractOptions {
  /** The gateway, as in `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The worker's name, for people. */
  readonly worker: string;
  /** A file that always has a valid token; none in open mode. */
  readonly tokenFile?: string | undefined;
}

/** The worker contract over HTTP: `docs/workers.md`. */
export class HttpContract implements WorkerContract {
  readonly #options: HttpContractOptions;
  readonly #connections: KeptConnections;

  constructor(options: HttpContractOptions) {
    this.#options = options;
    this.#connections = new KeptConnections(options.url);
  }

  async take(max: number, waitSeconds: number, signal: AbortSignal): Promise<readonly Work[]> {
    const { body } = await this.#post('take', { worker: this.#options.worker, max, waitSeconds }, signal);
    const { tasks } = JSON.parse(body.toString('utf8')) as { tasks: Work[] };
    return tasks;
  }

  async original({ id }: Work, signal: AbortSignal): Promise<Uint8Array> {
    const { body } = await this.#send(`${id}/original`, { method: 'GET', signal });
    return body;
  }

  async extend({ id, lease }: Work): Promise<void> {
    await this.#post(`${id}/extend`, { lease });
  }

  async complete(
    { id, lease }: Work,
    { bytes, mediaType }: Parameters<WorkerContract['complete']>[1],
  ): Promise<void> {
    const headers = { 'content-type': mediaType, 'starling-lease': lease };
    await this.#send(`${id}/result`, { method: 'PUT', headers, body: bytes });
  }

  async fail(
    { id, lease }: Work,
    { code, message }: Parameters<WorkerContract['fail']>[1],
    retryable: boolean,
  ): Promise<void> {
    await this.#post(`${id}/fail`, { lease, code, message, retryable });
  }

  async giveBack({ id, lease }: Work, cause: string): Promise<void> {
    await this.#post(`${id}/give-back`, { lease, cause });
  }

  #post(path: string, body: object, signal?: AbortSignal): Promise<HttpAnswer> {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.#send(path, signal === undefined ? request : { ...request, signal });
  }

  async #send(
    path: string,
    { headers = {}, ...request }: Omit<HttpRequest, 'path' | 'headers'> & Partial<HttpRequest>,
  ): Promise<HttpAnswer> {
    const { url, tokenFile } = this.#options;
    const token = tokenFile === undefined ? undefined : readFileSync(tokenFile, 'utf8').trim();
    let answer: HttpAnswer;
    try {
      answer = await this.#connections.send({
        ...request,
        path: `/api/v1/tasks/${path}`,
        headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
      });
    } catch (thrown) {
      throw StarlingError.from(thrown, 'gateway-unreachable', `The gateway at ${url} does not answer`);
    }
    if (answer.status < 200 || answer.status > 299) throw problemOf(answer);
    return answer;
  }
}

/** The problem details of an answer, as the error that they stand for. */
function problemOf({ status, body }: HttpAnswer): StarlingError {
  const text = body.toString('utf8');
  let problem: { code?: unknown; detail?: unknown } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    // not from the gateway: a proxy between answers in its own words, which stand below
  }
  const { code, detail } = problem;
  if (typeof code === 'string' && isErrorCode(code))
    return new StarlingError(code, typeof detail === 'string' ? detail : text);
  return new StarlingError('gateway-unreachable', `The gateway answered ${status}: ${text.slice(0, 200)}`);
}
