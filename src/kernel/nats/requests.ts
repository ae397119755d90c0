import {
  createInbox,
  errors,
  type Msg,
  type NatsConnection,
  type Payload,
  type PermissionViolationError,
  type RequestOptions,
  type Subscription,
} from '@nats-io/transport-node';
import type { Clock, Timer } from '../clock/index.js';

/** Something that was asked, and is not answered yet. */
interface Request {
  readonly subject: string;
  readonly data: Payload | undefined;
  readonly headers: RequestOptions['headers'];
  /** By the clock, in milliseconds. */
  readonly until: number;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Questions to servers with one answer each, as the client's own `request` puts them, but for three things. What was asked over a
 * connection that is lost fails at once with a `RequestError`, and what is asked while there is none goes out when there is one
 * again: the client lets both wait until their time is over. And no error with a trace is made for what is answered.
 */
export class Requests {
  readonly #connection: NatsConnection;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #inbox = `${createInbox()}.`;
  /** By token, the oldest first. */
  readonly #asked = new Map<string, Request>();
  #subscription: Subscription | undefined;
  #isConnected = true;
  #last = 0;
  #timer: Timer | undefined;

  /** `timeoutMs`: after what time without an answer a request fails with a `TimeoutError`. */
  constructor(connection: NatsConnection, clock: Clock, timeoutMs: number) {
    this.#connection = connection;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Throws the client's errors: of no answer, no connection, no permission, and of nobody there who could answer. */
  request(subject: string, data?: Payload, { headers }: Pick<RequestOptions, 'headers'> = {}): Promise<Msg> {
    return new Promise((resolve, reject) => {
      this.#last += 1;
      const token = this.#last.toString(36);
      const request = { subject, data, headers, until: this.#clock.now() + this.#timeoutMs, resolve, reject };
      this.#asked.set(token, request);
      if (this.#isConnected) this.#send(token, request);
      this.#timer ??= this.#clock.timer(this.#timeoutMs, () => this.#endOld());
    });
  }

  /** The connection was lost: no answer comes to what was asked over it. */
  disconnected(): void {
    this.#isConnected = false;
    this.#fail(() => new errors.RequestError('the connection was lost'));
  }

  /** There is a connection again. */
  reconnected(): void {
    this.#isConnected = true;
    for (const [token, request] of this.#asked) this.#send(token, request);
  }

  /** A server said that we may not ask that; false where nobody did. */
  refused(error: PermissionViolationError): boolean {
    return this.#fail(
      () => error,
      ({ subject }) => subject === error.subject,
    );
  }

  /** Nobody answers any more. */
  close(): void {
    this.#fail(() => new errors.ClosedConnectionError());
    this.#timer?.cancel();
  }

  #send(token: string, { subject, data, headers }: Request): void {
    try {
      this.#subscription ??= this.#subscribe();
      const reply = this.#inbox + token;
      this.#connection.publish(subject, data, headers === undefined ? { reply } : { reply, headers });
    } catch (thrown) {
      this.#take(token)?.reject(thrown);
    }
  }

  #subscribe(): Subscription {
    return this.#connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error === null) {
          this.#hear(message);
          return;
        }
        this.#subscription = undefined;
        this.#fail(() => error);
      },
    });
  }

  #hear(message: Msg): void {
    const request = this.#take(message.subject.slice(this.#inbox.length));
    if (request === undefined) return;
    const isNobodyThere = message.data.length === 0 && message.headers?.code === 503;
    if (!isNobodyThere) request.resolve(message);
    else {
      const cause = new errors.NoRespondersError(request.subject);
      request.reject(new errors.RequestError(cause.message, { cause }));
    }
  }

  #take(token: string): Request | undefined {
    const request = this.#asked.get(token);
    this.#asked.delete(token);
    return request;
  }

  /** Ends all that was asked, or some; whether there were any. */
  #fail(why: () => Error, isOne: (request: Request) => boolean = () => true): boolean {
    const failing = [...this.#asked].filter(([, request]) => isOne(request));
    for (const [token, { reject }] of failing) {
      this.#asked.delete(token);
      reject(why());
    }
    return failing.length > 0;
  }

  #endOld(): void {
    const now = this.#clock.now();
    this.#timer = undefined;
    for (const [token, { until, reject }] of this.#asked) {
      if (until > now) {
        this.#timer = this.#clock.timer(until - now, () => this.#endOld());
        return;
      }
      this.#asked.delete(token);
      reject(new errors.TimeoutError());
    }
  }
}
