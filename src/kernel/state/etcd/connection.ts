import type { ChannelCredentials } from '@grpc/grpc-js';
import { type Clock, rest } from '../../clock/index.js';
import { backoffDelay, validateBackoff } from '../../control/backoff.js';
import { StarlingError } from '../../errors/index.js';
import { Endpoint, type Stream } from './endpoint.js';
import { EtcdFailure, readFailure } from './failure.js';
import type { ResponseHeader, WithHeader } from './messages.js';
import { api, type Method } from './protocol.js';

export interface ConnectionOptions {
  /** `HOST:PORT` of the servers, of which one is enough. */
  readonly endpoints: readonly string[];
  readonly channel: ChannelCredentials;
  readonly user: { readonly user: string; readonly password: string } | undefined;
  readonly clock: Clock;
  /** Milliseconds within which a call is answered or fails. */
  readonly timeoutMs: number;
}

/** How a call is made. */
export interface CallForm {
  /** The method takes and gives streams, of which one message is wanted. */
  readonly isStream?: boolean;
  /** It must not be done twice: it is repeated only where it was certainly not done. */
  readonly isOnce?: boolean;
}

// So that a server that hangs leaves time to ask others.
const attemptMs = 3_000;
const backoff = validateBackoff({ initialMs: 50, maxMs: 1_000, jitter: 'equal' });
/** How often in a row a new token may be refused. */
const mostTokens = 3;

/**
 * The servers of one cluster, of which one is asked as long as it answers, and then the next. A call is repeated until it
 * is answered or its time is over, with growing pauses of random length, so that a cluster that comes back is not stormed.
 * Hence what must not be done twice says so. Failures are `EtcdFailure`, which knows whether any attempt may have been done.
 */
export class Connection {
  readonly addresses: readonly string[];
  readonly #options: ConnectionOptions;
  readonly #endpoints: readonly Endpoint[];
  #current = 0;
  #token: Promise<string> | undefined;
  /** Hears the header of each answer, and may refuse it by throwing. */
  onAnswer: (header: ResponseHeader) => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.addresses = options.endpoints;
    this.#endpoints = options.endpoints.map((address) => new Endpoint(address, options.channel));
    // Clients that start together spread over the servers.
    this.#current = Math.floor(Math.random() * this.#endpoints.length);
  }

  /** Asks until there is an answer. */
  async call<Request, Response extends WithHeader>(
    method: Method<Request, Response>,
    request: Request,
    options: CallForm = {},
  ): Promise<Response> {
    return (await this.callKnowing(method, request, options)).answer;
  }

  /** As `call`, and tells whether an attempt before the answered one may have been done, or may still be. */
  async callKnowing<Request, Response extends WithHeader>(
    method: Method<Request, Response>,
    request: Request,
    { isStream = false, isOnce = false }: CallForm = {},
  ): Promise<{ readonly answer: Response; readonly mayBeDone: boolean }> {
    const { timeoutMs } = this.#options;
    const { clock } = this.#options;
    const deadline = clock.now() + timeoutMs;
    let mayBeDone = false;
    let tokens = 0;
    for (let attempt = 1; ; attempt += 1) {
      const endpoint = this.endpoint();
      try {
        const token = await this.#tokenAt(endpoint);
        const options = { timeoutMs: Math.min(attemptMs, deadline - clock.now()), token };
        const answer = await (isStream
          ? endpoint.askStream(method, request, options)
          : endpoint.ask(method, request, options));
        if (answer.header !== null) this.onAnswer(answer.header);
        return { answer, mayBeDone };
      } catch (thrown) {
        if (thrown instanceof StarlingError) throw thrown;
        const failure = readFailure(thrown);
        mayBeDone ||= failure.mayBeDone;
        if (failure.kind === 'token') this.#token = undefined;
        const isAway = failure.kind === 'away' && !(isOnce && mayBeDone);
        const isRepeated = isAway || (failure.kind === 'token' && ++tokens < mostTokens);
        const pauseMs = backoffDelay(backoff, attempt, Math.random());
        if (!isRepeated || clock.now() + pauseMs >= deadline) {
          throw new EtcdFailure(failure.kind, failure.message, mayBeDone);
        }
        if (failure.kind === 'away') this.moveOn(endpoint);
        await rest(pauseMs, clock);
      }
    }
  }

  /** Asks one server for once; for what only that server knows. */
  async askOnly<Request, Response>(
    address: string,
    method: Method<Request, Response>,
    request: Request,
    timeoutMs: number,
  ): Promise<Response> {
    const endpoint = this.#endpoints.find((one) => one.address === address);
    if (endpoint === undefined) throw new Error(`${address} is none of the endpoints`);
    const token = await this.#tokenAt(endpoint);
    return endpoint.ask(method, request, { timeoutMs, token });
  }

  /** The server that is asked now. */
  endpoint(): Endpoint {
    const endpoint = this.#endpoints[this.#current];
    if (endpoint === undefined) throw new Error('There is no endpoint');
    return endpoint;
  }

  /** Opens a stream at the server that is asked now. */
  async open<Request, Response>(
    method: Method<Request, Response>,
  ): Promise<{ endpoint: Endpoint; stream: Stream<Request, Response> }> {
    const endpoint = this.endpoint();
    return { endpoint, stream: endpoint.open(method, await this.#tokenAt(endpoint)) };
  }

  /** The next server is asked from now on, unless another than this one is asked already. */
  moveOn(from: Endpoint): void {
    if (this.endpoint() === from) this.#current = (this.#current + 1) % this.#endpoints.length;
  }

  /** Forgets the token: the next call gets a new one. */
  dropToken(): void {
    this.#token = undefined;
  }

  /** Waits before the attempt after so many failures; not beyond the end of the signal. */
  pause(failures: number, signal?: AbortSignal): Promise<void> {
    return rest(backoffDelay(backoff, failures, Math.random()), this.#options.clock, signal);
  }

  close(): void {
    for (const endpoint of this.#endpoints) endpoint.close();
  }

  /** The token of the user, where there is one; calls that need it at once share it. */
  #tokenAt(endpoint: Endpoint): Promise<string | undefined> {
    const { user } = this.#options;
    if (user === undefined) return Promise.resolve(undefined);
    if (this.#token !== undefined) return this.#token;
    const token = this.#authenticate(endpoint, user);
    this.#token = token;
    return token;
  }

  async #authenticate(
    endpoint: Endpoint,
    { user, password }: { user: string; password: string },
  ): Promise<string> {
    try {
      const options = { timeoutMs: attemptMs, token: undefined };
      return (await endpoint.ask(api.authenticate, { name: user, password }, options)).token;
    } catch (thrown) {
      this.#token = undefined;
      const { kind, message } = readFailure(thrown);
      throw new EtcdFailure(kind, message, false);
    }
  }
}
