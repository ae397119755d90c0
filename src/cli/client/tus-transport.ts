import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { DetailedError, FileReader, HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { StarlingError } from '../../kernel/errors/index.js';
import type { ApiClient } from './api-client.js';

/** Bytes that are read at once, and after which it is told how far it is. */
const highWaterMark = 1_048_576;

/** Bytes of a file, which are read while they are sent. */
interface Slice {
  readonly size: number;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** Reads the file at a path, however often it is asked for a part of it. */
export function tusFile(path: string, size: number): FileReader {
  const slice = async (start: number, end: number) => {
    const bytes = () =>
      createReadStream(path, { start, end: end - 1, highWaterMark }) as AsyncIterable<Buffer>;
    return { value: { size: end - start, bytes } satisfies Slice, done: end >= size };
  };
  return { openFile: async () => ({ size, slice, close: () => undefined }) };
}

/**
 * The requests of a client of tus, made as all others are: with the same token, believing the same authorities. What is refused
 * or not answered fails with the error that stands for it (`tusFailure`); it is never an answer of tus.
 */
export function tusTransport(client: ApiClient, signal: AbortSignal): HttpStack {
  return {
    getName: () => 'starling',
    createRequest: (method, url) => new TusRequest(client, method, url, signal),
  };
}

/** What a request failed with. */
export function tusFailure(error: Error | DetailedError): StarlingError {
  const cause = 'causingError' in error ? error.causingError : undefined;
  return StarlingError.from(cause ?? error);
}

class TusRequest implements HttpRequest {
  readonly #client: ApiClient;
  readonly #method: string;
  readonly #url: string;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  readonly #headers: Record<string, string> = {};
  #tell: (bytesSent: number) => void = () => undefined;

  constructor(client: ApiClient, method: string, url: string, signal: AbortSignal) {
    this.#client = client;
    this.#method = method;
    this.#url = url;
    this.#signal = AbortSignal.any([signal, this.#ending.signal]);
  }

  getMethod = (): string => this.#method;
  getURL = (): string => this.#url;
  getHeader = (name: string): string | undefined => this.#headers[name];
  getUnderlyingObject = (): undefined => undefined;

  setHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  setProgressHandler(tell: (bytesSent: number) => void): void {
    this.#tell = tell;
  }

  async send(body: Slice | null): Promise<HttpResponse> {
    const { 'Content-Type': type = 'application/offset+octet-stream', ...headers } = this.#headers;
    // what a gateway calls its own address may not be how it is reached
    const path = this.#method === 'POST' ? '/uploads' : `/uploads/${basename(new URL(this.#url).pathname)}`;
    try {
      const response = await this.#client.call(path, {
        method: this.#method as 'HEAD' | 'PATCH' | 'POST',
        headers,
        content: body === null ? undefined : { type, bytes: () => this.#counted(body) },
        signal: this.#signal,
      });
      await response.body?.cancel();
      return answer(response.status, response.headers);
    } catch (thrown) {
      // an upload that was forgotten meanwhile is begun again by the client
      if (this.#method === 'HEAD' && StarlingError.from(thrown).code === 'not-found') return answer(404);
      throw thrown;
    }
  }

  async abort(): Promise<void> {
    this.#ending.abort();
  }

  async *#counted(slice: Slice): AsyncGenerator<Uint8Array> {
    let sent = 0;
    for await (const piece of slice.bytes()) {
      yield piece;
      sent += piece.byteLength;
      this.#tell(sent);
    }
  }
}

function answer(status: number, headers = new Headers()): HttpResponse {
  return {
    getStatus: () => status,
    getHeader: (name) => headers.get(name) ?? undefined,
    getBody: () => '',
    getUnderlyingObject: () => undefined,
  };
}
