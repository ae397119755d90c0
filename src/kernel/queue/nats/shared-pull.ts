import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Clock, Timer } from '../../clock/index.js';
import { endOf, expiryFields, type PullEnd, silenceMsOf } from './pull.js';

/** A server forgets who waits after so long, in milliseconds, and says for how many. */
const expiryMs = 30_000;

/** What became of a waiting: a message, or why there is none. */
export type Waited = { readonly message: Msg } | { readonly end: Exclude<PullEnd, 'answered'> };

/**
 * Those who wait for one message each, served by common askings: as many messages are asked for as there are who wait, those of
 * one moment together. Where some of them leave, the server is told by taking the subject away that it would answer on.
 */
export class SharedPull {
  readonly #connection: NatsConnection;
  readonly #clock: Clock;
  readonly #subject: string;
  /** Gets what came when nobody waited any more. */
  readonly #decline: (message: Msg) => void;
  readonly #waiting = new Set<(waited: Waited) => void>();
  #line: Line | undefined;
  #isSettling = false;

  constructor(
    { connection, clock }: { readonly connection: NatsConnection; readonly clock: Clock },
    subject: string,
    decline: (message: Msg) => void,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#subject = subject;
    this.#decline = decline;
  }

  /** Waits for one message, at most so long; those who came first are served first. */
  next(waitMs: number, signal: AbortSignal | undefined): Promise<Waited> {
    return new Promise((resolve) => {
      const leave = () => taker({ end: 'left' });
      const taker = (waited: Waited) => {
        timer.cancel();
        signal?.removeEventListener('abort', leave);
        this.#waiting.delete(taker);
        this.#settle();
        resolve(waited);
      };
      const timer = this.#clock.timer(waitMs, leave);
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(taker);
      this.#settle();
    });
  }

  /** The server may not know of anybody any more: it is asked anew. */
  renew(): void {
    this.#hangUp();
    this.#settle();
  }

  /** Sends away who waits. */
  close(): void {
    this.#endAll('left');
    this.#hangUp();
  }

  #endAll(end: Exclude<PullEnd, 'answered'>): void {
    for (const taker of [...this.#waiting]) taker({ end });
  }

  /** Asks for as many as wait, once all of this moment have come or gone. */
  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      if ((this.#line?.outstanding ?? 0) > this.#waiting.size) this.#hangUp();
      const missing = this.#waiting.size - (this.#line?.outstanding ?? 0);
      if (missing === 0 || this.#connection.isClosed()) return;
      this.#line ??= new Line(this.#connection, this.#clock, {
        subject: this.#subject,
        give: (message) => this.#give(message),
        expired: () => this.#settle(),
        failed: (end) => {
          this.#hangUp();
          this.#endAll(end);
        },
      });
      this.#line.ask(missing);
    });
  }

  #give(message: Msg): void {
    const [taker] = this.#waiting;
    if (taker === undefined) this.#decline(message);
    else taker({ message });
  }

  #hangUp(): void {
    this.#line?.hangUp();
    this.#line = undefined;
  }
}

interface LineParts {
  readonly subject: string;
  readonly give: (message: Msg) => void;
  /** Some of what was asked for will not come. */
  readonly expired: () => void;
  readonly failed: (end: 'silent' | 'refused') => void;
}

/** One subject that a server answers on, and how many messages it still owes there. */
class Line {
  readonly #connection: NatsConnection;
  readonly #clock: Clock;
  readonly #parts: LineParts;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  #silence: Timer | undefined;
  #heardAt = 0;
  #hasHungUp = false;
  outstanding = 0;

  constructor(connection: NatsConnection, clock: Clock, parts: LineParts) {
    this.#connection = connection;
    this.#clock = clock;
    this.#parts = parts;
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#hear(message);
        else this.#fail('silent');
      },
    });
  }

  ask(count: number): void {
    this.outstanding += count;
    const request = JSON.stringify({ batch: count, ...expiryFields(expiryMs) });
    this.#connection.publish(this.#parts.subject, request, { reply: this.#inbox });
    this.#listen();
  }

  /** No more is wanted; what is on its way is given still. */
  hangUp(): void {
    this.#hasHungUp = true;
    this.#silence?.cancel();
    this.#subscription.drain().catch(() => this.#subscription.unsubscribe());
  }

  #hear(message: Msg): void {
    const status = message.data.length === 0 ? (message.headers?.code ?? 0) : 0;
    if (status === 0) {
      this.outstanding -= 1;
      this.#listen();
      this.#parts.give(message);
      return;
    }
    if (this.#hasHungUp) return;
    const end = status === 100 ? undefined : endOf(status, message.headers?.description ?? '');
    if (end === 'silent' || end === 'refused') {
      this.#fail(end);
      return;
    }
    if (end === 'answered')
      this.outstanding -= Number(message.headers?.get('Nats-Pending-Messages') || this.outstanding);
    this.#listen();
    if (end === 'answered') this.#parts.expired();
  }

  /** One timer at a time, set for what is left since the last sign of life when it runs: messages come by the thousand. */
  #listen(): void {
    this.#heardAt = this.#clock.now();
    if (this.#silence === undefined && !this.#hasHungUp) this.#wait(silenceMsOf(expiryMs));
  }

  #wait(ms: number): void {
    this.#silence = this.#clock.timer(ms, () => {
      this.#silence = undefined;
      if (this.outstanding === 0) return;
      const left = this.#heardAt + silenceMsOf(expiryMs) - this.#clock.now();
      if (left > 0) this.#wait(left);
      else this.#fail('silent');
    });
  }

  #fail(end: 'silent' | 'refused'): void {
    if (!this.#hasHungUp) this.#parts.failed(end);
  }
}
