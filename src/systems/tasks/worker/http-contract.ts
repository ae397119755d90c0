import { readFile } from 'node:fs/promises';
import { isErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import type { Work, WorkerContract } from './contract.js';

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

  constructor(options: HttpContractOptions) {
    this.#options = options;
  }

  async take(max: number, waitSeconds: number, signal: AbortSignal): Promise<readonly Work[]> {
    const response = await this.#post('take', { worker: this.#options.worker, max, waitSeconds }, signal);
    const { tasks } = (await response.json()) as { tasks: Work[] };
    return tasks;
  }

  async original({ id }: Work, signal: AbortSignal): Promise<Uint8Array> {
    const response = await this.#fetch(`${id}/original`, { signal });
    return new Uint8Array(await response.arrayBuffer());
  }

  async extend({ id, lease }: Work): Promise<void> {
    await this.#post(`${id}/extend`, { lease });
  }

  async complete(
    { id, lease }: Work,
    { bytes, mediaType }: Parameters<WorkerContract['complete']>[1],
  ): Promise<void> {
    const headers = { 'content-type': mediaType, 'starling-lease': lease };
    await this.#fetch(`${id}/result`, { method: 'PUT', headers, body: bytes as Uint8Array<ArrayBuffer> });
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

  #post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.#fetch(path, signal === undefined ? init : { ...init, signal });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const { url, tokenFile } = this.#options;
    const headers = new Headers(init.headers);
    if (tokenFile !== undefined)
      headers.set('authorization', `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`);
    let response: Response;
    try {
      response = await fetch(new URL(`/api/v1/tasks/${path}`, url), { ...init, headers });
    } catch (thrown) {
      throw StarlingError.from(thrown, 'gateway-unreachable', `The gateway at ${url} does not answer`);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

/** The problem details of an answer, as the error that they stand for. */
async function problemOf(response: Response): Promise<StarlingError> {
  const text = await response.text();
  let problem: { code?: unknown; detail?: unknown } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    // not from the gateway: a proxy between answers in its own words, which stand below
  }
  const { code, detail } = problem;
  if (typeof code === 'string' && isErrorCode(code))
    return new StarlingError(code, typeof detail === 'string' ? detail : text);
  return new StarlingError(
    'gateway-unreachable',
    `The gateway answered ${response.status}: ${text.slice(0, 200)}`,
  );
}
