import { StarlingError } from '../../../kernel/errors/index.js';
import type { ReceiptClaims } from '../order/index.js';
import type { RequestEvent, RequestRecord, RunRecord } from './request-record.js';

/** From so many events on, the progress of runs is left out: what is decided and how it ends is always told. */
const manyEvents = 1_000;

/** The receipt for one order of a request. */
export interface OrderReceipt {
  readonly order: string;
  readonly party: string;
  readonly outcome: ReceiptClaims['outcome'];
  /** A compact JWS, verified. */
  readonly receipt: string;
}

/** A request while it is worked on: its record grows, and whoever follows it is told. */
export class LiveRequest {
  readonly ended: Promise<RequestRecord>;
  readonly #abort = new AbortController();
  readonly #wallTime: () => number;
  readonly #followers = new Set<() => void>();
  #record: RequestRecord;
  #finished = false;
  #resolve: (record: RequestRecord) => void = () => {};

  /** What the agents signed for the orders that have ended. */
  readonly receipts: OrderReceipt[] = [];
  /** What is being written of those receipts: nothing is answered before all of it is on disk. */
  readonly #entered: Promise<unknown>[] = [];
  /** The requester's own token, which goes on to the agents and is never stored; absent in open mode. */
  readonly token: string | undefined;

  /** @param wallTime milliseconds since 1970 */
  constructor(record: RequestRecord, wallTime: () => number, token?: string) {
    this.#record = record;
    this.#wallTime = wallTime;
    this.token = token;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get record(): RequestRecord {
    return this.#record;
  }

  get id(): string {
    return this.#record.id;
  }

  /** Aborted when the request is cancelled or its job revoked. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Stops what the request runs; it then ends with `why`. */
  stop(why: StarlingError): void {
    this.#abort.abort(why);
  }

  /** Throws what the request was stopped with. */
  throwIfStopped(): void {
    if (!this.#abort.signal.aborted) return;
    throw StarlingError.from(this.#abort.signal.reason, 'request-cancelled');
  }

  /** Waits for what is written of a receipt before the request ends; where it cannot be written, the request is stopped. */
  entering(written: Promise<unknown>): void {
    this.#entered.push(written);
    written.catch((error: unknown) => this.stop(StarlingError.from(error, 'storage-failed')));
  }

  /** Resolves when all that was to be entered is on disk. Throws what the writing throws. */
  async entered(): Promise<void> {
    await Promise.all(this.#entered);
  }

  change(changes: Partial<RequestRecord>): void {
    this.#record = { ...this.#record, ...changes };
  }

  event(type: RequestEvent['type'], message: string, party?: string): void {
    if (type === 'run-progress' && this.#record.events.length >= manyEvents) return;
    this.take(this.draft(type, message, {}, party));
  }

  /** The record with one more event and with `changes`; nobody hears of it before it is taken. */
  draft(
    type: RequestEvent['type'],
    message: string,
    changes: Partial<RequestRecord>,
    party?: string,
  ): RequestRecord {
    const { events } = this.#record;
    const event: RequestEvent = {
      sequence: events.length + 1,
      at: this.#wallTime(),
      type,
      message,
      ...(party === undefined ? {} : { party }),
    };
    return { ...this.#record, ...changes, events: [...events, event] };
  }

  /** Takes a draft as the record, and tells whoever follows. */
  take(draft: RequestRecord): void {
    this.#record = draft;
    this.#tell();
  }

  /** Replaces the record of one party's run. */
  run(run: RunRecord): void {
    const others = this.#record.runs.filter(
      (one) => one.party !== run.party || one.place !== run.place || one.archetype !== run.archetype,
    );
    this.change({ runs: [...others, run] });
  }

  /** The request has ended and its record is stored. */
  finish(): void {
    this.#finished = true;
    this.#resolve(this.#record);
    this.#tell();
  }

  /** Events from after `afterSequence` on, until the request has ended or `signal` is aborted. */
  async *follow(afterSequence: number, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    let next = afterSequence;
    while (!signal.aborted) {
      // between this look and the wait nothing is awaited, so that no news falls between the two
      const news = this.#record.events.filter((event) => event.sequence > next);
      if (news.length === 0) {
        if (this.#finished) return;
        await this.#untilNews(signal);
      }
      yield* news;
      next = news.at(-1)?.sequence ?? next;
    }
  }

  #untilNews(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#followers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#followers.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #tell(): void {
    for (const follower of [...this.#followers]) follower();
  }
}
