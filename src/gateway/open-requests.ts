import type { ServerResponse } from 'node:http';
import type { Logger } from '../kernel/telemetry/index.js';
import type { AskedRequest, Exchange, RequestRecord } from '../systems/exchange/index.js';

/** Requests that were asked over HTTP and have not ended. */
export class OpenRequests {
  readonly #exchange: Exchange;
  readonly #logger: Logger;
  readonly #cancelling = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(exchange: Exchange, logger: Logger) {
    this.#exchange = exchange;
    this.#logger = logger;
  }

  /** Resolves when nothing runs. */
  async ended(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  get running(): number {
    return this.#running;
  }

  /** Counts a request until its end. */
  add(asked: AskedRequest): void {
    this.#running += 1;
    const ended = () => {
      this.#running -= 1;
      if (this.#running === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    };
    asked.ended.then(ended, (thrown: unknown) => {
      ended();
      this.#logger.error({ err: thrown, request: asked.id }, 'the end of a request is not known');
    });
  }

  /** The record at the end of a request, which is cancelled when the client that waits for it goes away. */
  async untilEnded(asked: AskedRequest, response: ServerResponse): Promise<RequestRecord> {
    const left = () => {
      if (!response.writableFinished) this.#cancel(asked.id);
    };
    if (response.closed) left();
    else response.once('close', left);
    try {
      return await asked.ended;
    } finally {
      response.off('close', left);
    }
  }

  /** Waits until what was cancelled has ended. */
  async close(): Promise<void> {
    await Promise.all(this.#cancelling);
  }

  #cancel(id: string): void {
    const cancelled = this.#exchange
      .cancel(id)
      .then(
        () => this.#logger.debug({ request: id }, 'request cancelled as its client went away'),
        (thrown: unknown) =>
          this.#logger.error({ err: thrown, request: id }, 'request could not be cancelled'),
      )
      .finally(() => this.#cancelling.delete(cancelled));
    this.#cancelling.add(cancelled);
  }
}
