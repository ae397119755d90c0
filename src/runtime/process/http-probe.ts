import { get } from 'node:http';
import type { Clock, Timer } from '../../kernel/clock/index.js';

export interface HttpProbeOptions {
  /** On loopback. */
  readonly port: number;
  readonly path: string;
  readonly everyMs: number;
  readonly clock: Clock;
  /** Told of each answer with a status of 200 to 299. */
  readonly onAnswer: () => void;
}

/**
 * Asks at once, and again and again until `close`: only a foreign process that is asked tells how it is. An answer must come
 * before the next is asked for.
 */
export class HttpProbe {
  readonly #options: HttpProbeOptions;
  #asking: { destroy(): unknown } | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: HttpProbeOptions) {
    this.#options = options;
    this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#asking?.destroy();
  }

  #ask(): void {
    const { port, path, everyMs, clock, onAnswer } = this.#options;
    this.#asking?.destroy();
    // a connection of its own: one that is kept would outlive the process that it leads to
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      if (!this.#closed && statusCode >= 200 && statusCode < 300) onAnswer();
    });
    // nobody answers: that is what is to be found out, and whoever waits for an answer says so in time
    request.on('error', () => undefined);
    this.#asking = request;
    this.#timer = clock.timer(everyMs, () => this.#ask());
  }
}
