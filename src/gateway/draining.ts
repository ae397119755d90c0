import { type Clock, rest } from '../kernel/clock/index.js';
import { StarlingError } from '../kernel/errors/index.js';
import type { Health } from '../kernel/telemetry/index.js';
import type { EventStreams } from './event-streams.js';
import type { OpenRequests } from './open-requests.js';
import type { RequestsInHand } from './requests-in-hand.js';

/** How a gateway takes its leave. */
export interface DrainOptions {
  /** How long it says that it is not ready before it changes anything, so that load balancers turn to others. */
  readonly noticeMs: number;
  /** How long what was asked may take to end, after that. */
  readonly graceMs: number;
}

export interface DrainingOptions {
  readonly clock: Clock;
  readonly health: Health;
  readonly eventStreams: Pick<EventStreams, 'endOpen'>;
  readonly openRequests: Pick<OpenRequests, 'ended'>;
  readonly requestsInHand: Pick<RequestsInHand, 'ended'>;
}

/**
 * A gateway's leave, in this order: it says that it is not ready, and serves as before; it ends streams of events, which
 * resume at another gateway, and sends those away who wait for work; it lets end what was asked. It serves all the while.
 */
export class Draining {
  readonly #options: DrainingOptions;
  readonly #begun = new AbortController();
  readonly #leaving = new AbortController();
  readonly #closed = new AbortController();

  constructor(options: DrainingOptions) {
    this.#options = options;
    options.health.ready('serving', async () => {
      if (this.#begun.signal.aborted)
        throw new StarlingError('shutting-down', 'The gateway is about to stop.');
    });
  }

  /** Whether it is not ready any more. */
  get hasBegun(): boolean {
    return this.#begun.signal.aborted;
  }

  /** Aborted when whoever waits for something is to be sent away. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  async drain({ noticeMs, graceMs }: DrainOptions): Promise<void> {
    const { clock, eventStreams, openRequests, requestsInHand } = this.#options;
    this.#begun.abort();
    await rest(noticeMs, clock, this.#closed.signal);
    this.#leaving.abort();
    eventStreams.endOpen();
    const graceOver = new AbortController();
    const ended = Promise.all([openRequests.ended(), requestsInHand.ended(this.#closed.signal)]);
    void ended.then(() => graceOver.abort());
    await rest(graceMs, clock, AbortSignal.any([graceOver.signal, this.#closed.signal]));
  }

  /** Ends the leave at once: the gateway closes. */
  close(): void {
    this.#begun.abort();
    this.#leaving.abort();
    this.#closed.abort();
  }
}
