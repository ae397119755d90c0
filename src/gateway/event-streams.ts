import type { Readable } from 'node:stream';
import type { Clock } from '../kernel/clock/index.js';
import type { Logger } from '../kernel/telemetry/index.js';
import { type EventStreamOptions, eventStream } from './server-sent-events.js';

/** Owns the streams of events that are open, and ends them when the gateway closes. */
export class EventStreams {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #open = new AbortController();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  open(events: EventStreamOptions['events']): Readable {
    return eventStream({
      events,
      clock: this.#clock,
      signal: AbortSignal.any([this.#closing.signal, this.#open.signal]),
      onFailure: (thrown) => this.#logger.error({ err: thrown }, 'a stream of events broke off'),
    });
  }

  /** Ends those that are open now. */
  endOpen(): void {
    this.#open.abort();
    this.#open = new AbortController();
  }

  /** Ends all streams; the ones opened later end at once. */
  close(): void {
    this.#closing.abort();
  }
}
