import type { GatewayApp, GatewayReply } from './app.js';
import { eventStreamType } from './server-sent-events.js';

/** Requests over HTTP whose answers are not sent; a stream of events, which need not end, is none of them. */
export class RequestsInHand {
  readonly #replies = new Set<GatewayReply>();
  readonly #waiting: (() => void)[] = [];

  /** Has the requests of `app` counted, each from its first hook on. */
  observe(app: GatewayApp): void {
    app.addHook('onRequest', (_request, reply, done) => {
      this.#replies.add(reply);
      reply.raw.once('close', () => this.#done(reply));
      done();
    });
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (reply.getHeader('content-type') === eventStreamType) this.#done(reply);
      done();
    });
  }

  /** Resolves when there is none, or `signal` is aborted. */
  async ended(signal: AbortSignal): Promise<void> {
    while (this.#replies.size > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  #done(reply: GatewayReply): void {
    this.#replies.delete(reply);
    if (this.#replies.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
