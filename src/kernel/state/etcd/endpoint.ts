import { type ChannelCredentials, Client, type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import type { Method } from './protocol.js';

/** What every call may be given. */
export interface CallOptions {
  /** Milliseconds until the call fails, answered or not. */
  readonly timeoutMs: number;
  /** Of `authenticate`. */
  readonly token: string | undefined;
}

/** A stream of requests and of responses. */
export type Stream<Request, Response> = ClientDuplexStream<Request, Response>;

/** One server of the cluster, over one connection that is made when it is needed. Failures are gRPC's. */
export class Endpoint {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly #client: Client;

  constructor(address: string, credentials: ChannelCredentials) {
    this.address = address;
    this.#client = new Client(address, credentials, {
      // Finds out that a server is gone that does not close its connections. etcd takes a ping each 5 s.
      'grpc.keepalive_time_ms': 6_000,
      'grpc.keepalive_timeout_ms': 4_000,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
      // A page of large values is one message.
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  /** Asks and waits for the answer. */
  ask<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    { timeoutMs, token }: CallOptions,
  ): Promise<Response> {
    const { path, serialize, deserialize } = method;
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + timeoutMs };
      this.#client.makeUnaryRequest(
        path,
        serialize,
        deserialize,
        request,
        metadata(token),
        options,
        (error, answer) => {
          if (error !== null) reject(error);
          else if (answer === undefined) reject(new Error(`${path} had no answer`));
          else resolve(answer);
        },
      );
    });
  }

  /** Asks by a method that takes and gives streams, and waits for its first answer. */
  askStream<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    { timeoutMs, token }: CallOptions,
  ): Promise<Response> {
    const { path, serialize, deserialize } = method;
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + timeoutMs };
      const stream = this.#client.makeBidiStreamRequest(
        path,
        serialize,
        deserialize,
        metadata(token),
        options,
      );
      stream.once('data', (answer: Response) => {
        resolve(answer);
        stream.cancel();
      });
      // After the answer this is our own cancelling, which the settled promise does not hear.
      stream.on('error', reject);
      stream.once('end', () => reject(new Error(`${path} had no answer`)));
      stream.end(request);
    });
  }

  /** Opens a stream without an end. Its iteration fails when the server or the connection does. */
  open<Request, Response>(
    { path, serialize, deserialize }: Method<Request, Response>,
    token: string | undefined,
  ): Stream<Request, Response> {
    const stream = this.#client.makeBidiStreamRequest(path, serialize, deserialize, metadata(token), {});
    // Whoever iterates is told; a stream that is cancelled before that has nobody to tell.
    stream.on('error', () => undefined);
    return stream;
  }

  close(): void {
    this.#client.close();
  }
}

/** `hasleader`: a server that sees no leader refuses, and ends its streams, instead of leaving the caller waiting. */
function metadata(token: string | undefined): Metadata {
  const made = new Metadata();
  made.set('hasleader', 'true');
  if (token !== undefined) made.set('token', token);
  return made;
}
