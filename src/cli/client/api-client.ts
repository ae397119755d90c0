import { StarlingError } from '../../kernel/errors/index.js';
import { isSecureUrl } from '../../kernel/identity/secure-url.js';
import type { Credentials } from './credentials.js';
import type { StreamedBody } from './file-form.js';
import { problemError, statusError } from './problem.js';
import { type Fetch, trustingFetch } from './trusting-fetch.js';
import { unreachable } from './unreachable.js';

/** Where a gateway listens unless something else is said. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** What goes with a call besides its path. */
export interface CallOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Left out where `undefined`. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, while it is made; in the place of `body`. */
  readonly content?: StreamedBody | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A line to the gateway's HTTP API. It keeps nothing open between calls that would hold the process. */
export class ApiClient {
  /** Without a slash at the end. */
  readonly url: string;
  readonly #fetchFrom: Fetch;
  readonly #signedIn: Readonly<Record<string, string>>;

  /**
   * Throws `input-invalid` where `url` is not an address that can be called, or a token would go to another machine
   * unencrypted.
   */
  constructor(url: string, { token, authorities }: Credentials = {}) {
    this.url = baseUrl(url);
    if (token !== undefined) assertEncrypted(this.url);
    this.#signedIn = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const isTrusting = authorities !== undefined && this.url.startsWith('https:');
    this.#fetchFrom = isTrusting ? trustingFetch(authorities) : fetch;
  }

  /**
   * Calls a path below `/api/v1` and gives the response, whose status is a good one. Throws the error of a problem
   * document, `gateway-unreachable` where nothing answers, and the signal's reason where it is aborted.
   */
  async call(path: string, options: CallOptions = {}): Promise<Response> {
    const { method = 'GET', query = {}, headers = {}, body, content, signal } = options;
    const url = new URL(`${this.url}/api/v1${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const type = content?.type ?? (body === undefined ? undefined : 'application/json');
    const sent = type === undefined ? {} : { 'content-type': type };
    const response = await this.#fetch(url, {
      method,
      headers: { accept: 'application/json', ...this.#signedIn, ...sent, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(content === undefined
        ? {}
        : { body: ReadableStream.from(content.bytes()), duplex: 'half' as const }),
      signal: signal ?? null,
    });
    if (response.ok) return response;
    throw method === 'HEAD' ? statusError(this.url, response.status) : await this.#refusal(response);
  }

  /** The JSON that a call answers with; the gateway is believed to keep to its own schema. */
  async json<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
    const response = await this.call(path, options);
    const text = await this.#text(response);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.#notGateway(cause);
    }
  }

  /** Whether the gateway can do its work, as far as it knows itself. Throws `gateway-unreachable`. */
  async healthy(): Promise<boolean> {
    return (await this.#fetch(new URL(`${this.url}/healthz`), {})).ok;
  }

  /** Whether a gateway answers at the address; never throws. */
  async answers(signal?: AbortSignal): Promise<boolean> {
    try {
      const response = await this.#fetch(new URL(`${this.url}/healthz`), { signal: signal ?? null });
      const report: unknown = JSON.parse(await this.#text(response));
      return typeof report === 'object' && report !== null && 'status' in report;
    } catch {
      // whatever stands in the way, no gateway is to be had there, and that is what was asked
      return false;
    }
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    try {
      // not `error`: Node then forgets the signal of an answer that comes for long, once garbage is collected
      const response = await this.#fetchFrom(url, { ...init, redirect: 'manual' });
      if (response.status < 300 || response.status >= 400) return response;
      await response.body?.cancel();
      throw new TypeError(`it redirects, with HTTP status ${response.status}`);
    } catch (thrown) {
      if (init.signal?.aborted) throw init.signal.reason;
      throw unreachable(this.url, thrown);
    }
  }

  async #refusal(response: Response): Promise<StarlingError> {
    const text = await this.#text(response);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (cause) {
      return response.status >= 500 ? statusError(this.url, response.status) : this.#notGateway(cause);
    }
    return problemError(response.status, body);
  }

  async #text(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (thrown) {
      throw unreachable(this.url, thrown);
    }
  }

  #notGateway(cause: unknown): StarlingError {
    const message = `What answers at ${this.url} is not a Starling gateway. Give the gateway's address with --url or STARLING_URL.`;
    return new StarlingError('gateway-unreachable', message, { cause, details: { url: this.url } });
  }
}

/** Joins names into a path, each safe against what it may hold. */
export function apiPath(...names: readonly string[]): string {
  return names.map((name) => `/${encodeURIComponent(name)}`).join('');
}

/** A token lets whoever reads it do what its person may, so it goes over a wire only under TLS. */
function assertEncrypted(url: string): void {
  if (isSecureUrl(url)) return;
  const message = `A token is not sent to ${url}, where it could be read on the way. Give an address that begins with https://.`;
  throw new StarlingError('input-invalid', message, { details: { url } });
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '') {
    return (url.origin + url.pathname).replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  }
  const message = `"${text}" is not an address of a gateway. Give one as in ${defaultUrl}, with --url or STARLING_URL.`;
  throw new StarlingError('input-invalid', message, { details: { url: text } });
}
