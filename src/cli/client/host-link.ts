import { readFile } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock/index.js';
import { isErrorCode, StarlingError } from '../../kernel/errors/index.js';
import type {
  HostContract,
  HostLease,
  HostLine,
  HostOrders,
  HostReport,
  InstanceToken,
  Registration,
} from '../../runtime/index.js';
import { ApiClient, apiPath, type CallOptions } from './api-client.js';
import { serverSentEvents } from './server-sent-events.js';

export interface HostLinkOptions {
  /** Addresses of gateways of one consortium, at least one; the next is asked where one does not answer. */
  readonly urls: readonly string[];
  /** Reads the token of the host, before each call; absent where nobody signs in. */
  readonly token?: (() => Promise<string>) | undefined;
  /** Certificates of authorities that are believed, PEM. */
  readonly authorities?: string | undefined;
  readonly clock: Clock;
  /** How long a gateway may take to answer before the next is asked, in milliseconds. Default: 2,000. */
  readonly patienceMs?: number;
}

/** Failures of one gateway where another may do. */
const passing: ReadonlySet<string> = new Set([
  'gateway-unreachable',
  'shutting-down',
  'internal',
  'storage-unavailable',
]);

/** A gateway says something on a stream of events every 15 s; one that is silent for so long is not there any more. */
const longestSilenceMs = 40_000;

/** What a host says to its gateways and hears from them, over HTTP. It goes on with the gateway that answered last. */
export class HostLink implements HostContract {
  readonly #options: HostLinkOptions;
  readonly #clients = new Map<string, { readonly token: string | undefined; readonly client: ApiClient }>();
  #at = 0;
  /** Aborted when the gateway that is asked changes: what is followed is followed at the other one. */
  #moved = new AbortController();

  /** Throws `input-invalid` where an address is none, or a token would go to another machine unencrypted. */
  constructor(options: HostLinkOptions) {
    this.#options = options;
    const token = options.token === undefined ? {} : { token: 'x' };
    for (const url of options.urls) new ApiClient(url, token);
  }

  /** The gateway that is asked now. */
  get url(): string {
    return this.#options.urls[this.#at] ?? '';
  }

  register(name: string, body: Registration): Promise<HostLease> {
    return this.#json(`${apiPath('hosts', name)}/registration`, { method: 'POST', body });
  }

  report(name: string, body: HostReport): Promise<HostLease> {
    return this.#json(`${apiPath('hosts', name)}/reports`, { method: 'POST', body });
  }

  async *orders(name: string, lease: string, signal: AbortSignal): AsyncGenerator<HostOrders> {
    const silent = new AbortController();
    const both = AbortSignal.any([signal, this.#moved.signal, silent.signal]);
    const path = `${apiPath('hosts', name)}/orders`;
    const headers = { accept: 'text/event-stream' };
    const options = { query: { lease }, headers, signal: both };
    const { body } = await this.#call(path, options, async (response) => response);
    try {
      for await (const { data } of serverSentEvents(this.#heard(body ?? new ReadableStream(), silent)))
        yield JSON.parse(data);
    } catch (thrown) {
      if (signal.aborted) return;
      throw StarlingError.from(thrown, 'gateway-unreachable', `What ${this.url} says broke off`);
    }
  }

  async token(
    name: string,
    lease: string,
    { service, id }: { readonly service: string; readonly id: string },
  ): Promise<InstanceToken | undefined> {
    const body = { lease, service, id };
    const answer = await this.#json<Partial<InstanceToken>>(`${apiPath('hosts', name)}/tokens`, {
      method: 'POST',
      body,
    });
    const { token, ttlMs } = answer;
    return token === undefined || ttlMs === undefined ? undefined : { token, ttlMs };
  }

  async log(name: string, lease: string, service: string, lines: readonly HostLine[]): Promise<void> {
    const body = { lease, service, lines };
    await this.#call(`${apiPath('hosts', name)}/lines`, { method: 'POST', body }, drained);
  }

  async leave(name: string, lease: string): Promise<void> {
    await this.#call(
      `${apiPath('hosts', name)}/registration`,
      { method: 'DELETE', query: { lease } },
      drained,
    );
  }

  #json<Answer>(path: string, options: CallOptions): Promise<Answer> {
    return this.#call(path, options, async (response) => (await response.json()) as Answer);
  }

  /** Calls the gateway; where it does not answer, whoever calls again asks the next. */
  async #call<Answer>(
    path: string,
    options: CallOptions,
    read: (response: Response) => Promise<Answer>,
  ): Promise<Answer> {
    const { clock, patienceMs = 2_000 } = this.#options;
    const late = new AbortController();
    const signal =
      options.signal === undefined ? late.signal : AbortSignal.any([late.signal, options.signal]);
    const at = this.#at;
    const { url } = this;
    const timer = clock.timer(patienceMs, () =>
      late.abort(
        new StarlingError(
          'gateway-unreachable',
          `The gateway at ${url} did not answer within ${patienceMs} ms.`,
        ),
      ),
    );
    try {
      return await read(await (await this.#client()).call(path, { ...options, signal }));
    } catch (thrown) {
      const error = late.signal.aborted
        ? (late.signal.reason as StarlingError)
        : StarlingError.from(thrown, 'gateway-unreachable', `The gateway at ${url}`);
      if (isErrorCode(error.code) && passing.has(error.code)) this.#moveOn(at);
      throw error;
    } finally {
      timer.cancel();
    }
  }

  /** Asks the next gateway from now on, unless another call has seen to that. */
  #moveOn(from: number): void {
    if (this.#at !== from || this.#options.urls.length === 1) return;
    this.#at = (from + 1) % this.#options.urls.length;
    this.#moved.abort(
      new StarlingError('gateway-unreachable', `The gateway at ${this.url} is asked from now on.`),
    );
    this.#moved = new AbortController();
  }

  /** A line to the gateway that is asked now, with the token of now; it keeps its connections as long as that is the same. */
  async #client(): Promise<ApiClient> {
    const { token: read, authorities } = this.#options;
    const { url } = this;
    const token = await read?.();
    const kept = this.#clients.get(url);
    if (kept !== undefined && kept.token === token) return kept.client;
    const client = new ApiClient(url, {
      ...(token === undefined ? {} : { token }),
      ...(authorities === undefined ? {} : { authorities }),
    });
    this.#clients.set(url, { token, client });
    return client;
  }

  /** The bytes of a stream; breaks it off by `silent` where the gateway does not even say that it is there. */
  async *#heard(body: AsyncIterable<Uint8Array>, silent: AbortController): AsyncGenerator<Uint8Array> {
    const { clock } = this.#options;
    const { url } = this;
    const later = () =>
      clock.timer(longestSilenceMs, () =>
        silent.abort(new StarlingError('gateway-unreachable', `The gateway at ${url} has fallen silent.`)),
      );
    let timer = later();
    try {
      for await (const bytes of body) {
        timer.cancel();
        timer = later();
        yield bytes;
      }
    } finally {
      timer.cancel();
    }
  }
}

async function drained(response: Response): Promise<void> {
  await response.arrayBuffer();
}

/** Reads a token from a file, each time anew: it may be replaced while the host runs. */
export function tokenIn(file: string): () => Promise<string> {
  return async () => {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      const message = `The file ${file} with the token of the host cannot be read. Name another with --token-file.`;
      throw new StarlingError('input-invalid', message, { cause, details: { file } });
    });
    return text.trim();
  };
}
