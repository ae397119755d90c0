import type { StarlingError } from '../../../kernel/errors/index.js';
import type { RequestEvent, RequestRecord } from './request-record.js';
import type { RequestStore } from './request-store.js';

/** Requests that another gateway has in hand, or nobody any more: they are followed and stopped by way of the state. */
export class RequestsElsewhere {
  readonly #store: RequestStore;

  constructor(store: RequestStore) {
    this.#store = store;
  }

  /** Events from after `afterSequence` on, until the request has ended or `signal` is aborted. Throws `not-found`. */
  async *events(id: string, afterSequence: number, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    let last = afterSequence;
    let asked = false;
    for await (const { events, state } of this.#store.versions(id, signal)) {
      for (const event of events) {
        if (event.sequence <= last) continue;
        yield event;
        last = event.sequence;
      }
      if (state !== 'running') return;
      if (!asked) await this.#store.inHand.signal(id, { kind: 'follow' });
      asked = true;
    }
  }

  /** Has a request stopped; resolves to its record when it has ended. Throws `not-found`. */
  async stop(id: string, why: StarlingError): Promise<RequestRecord> {
    let asked = false;
    for await (const record of this.#store.versions(id, new AbortController().signal)) {
      if (record.state !== 'running') return record;
      if (!asked) await this.#store.inHand.signal(id, { kind: 'stop', why: why.toRecord() });
      asked = true;
    }
    return this.#store.request(id);
  }
}
