import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { Clock, Timer } from '../../clock/index.js';

/** What is asked of a consumer. */
export interface PullRequest {
  /** The subject that the consumer is asked on. */
  readonly subject: string;
  readonly max: number;
  /** How long the server may wait for the first message; 0: not at all. */
  readonly waitMs: number;
}

/** Why a pull is over: the server said so, it had no answer, it had too many pulls, or the caller wanted no more. */
export type PullEnd = 'answered' | 'silent' | 'refused' | 'left';

const heartbeatMs = 2_000;
const graceMs = 2_000;
const nanoseconds = (ms: number) => Math.ceil(ms) * 1_000_000;

/** What a server is told of how long it may wait, and of the signs of life that it is to give meanwhile. */
export function expiryFields(waitMs: number): Readonly<Record<string, number>> {
  return {
    ...(waitMs > 0 ? { expires: nanoseconds(waitMs) } : {}),
    ...(waitMs >= 2 * heartbeatMs ? { idle_heartbeat: nanoseconds(heartbeatMs) } : {}),
  };
}

/** After what silence a server is taken for gone that was told so. */
export function silenceMsOf(waitMs: number): number {
  return waitMs >= 2 * heartbeatMs ? 2 * heartbeatMs + graceMs : waitMs + graceMs;
}

/**
 * One asking for messages. The server gives what is ready, or waits for the first, and then the asking is over. What comes is in
 * `messages` once `end` has resolved, also what came while the caller was leaving.
 */
export class Pull {
  readonly messages: Msg[] = [];
  readonly end: Promise<PullEnd>;
  readonly #finish: (why: PullEnd) => void;

  constructor(connection: NatsConnection, clock: Clock, { subject, max, waitMs }: PullRequest) {
    const inbox = createInbox();
    let silence: Timer | undefined;
    const listen = () => {
      silence?.cancel();
      silence = clock.timer(silenceMsOf(waitMs), () => this.#finish('silent'));
    };
    let finish: (why: PullEnd) => void = () => {};
    const over = new Promise<PullEnd>((resolve) => {
      finish = resolve;
    });
    this.#finish = finish;
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) return this.#finish('silent');
        const status = message.data.length === 0 ? (message.headers?.code ?? 0) : 0;
        if (status === 0) this.messages.push(message);
        if (this.messages.length >= max) return this.#finish('answered');
        if (status === 0 || status === 100) return listen();
        this.#finish(endOf(status, message.headers?.description ?? ''));
      },
    });
    connection.publish(subject, JSON.stringify({ batch: max, no_wait: true, ...expiryFields(waitMs) }), {
      reply: inbox,
    });
    listen();
    this.end = over.then(async (why) => {
      silence?.cancel();
      // a server that has answered sends no more; else what is on its way is waited for
      if (why === 'answered') subscription.unsubscribe();
      else await subscription.drain().catch(() => subscription.unsubscribe());
      return why;
    });
  }

  /** The server may be silent because it does not know of this any more. */
  lose(): void {
    this.#finish('silent');
  }

  /** The caller waits no longer. */
  leave(): void {
    this.#finish('left');
  }
}

/** 404 and 408: nothing (more) there. 409: too many wait, or the consumer moves to another server. 503: nobody is there. */
export function endOf(status: number, description: string): Exclude<PullEnd, 'left'> {
  if (status === 404 || status === 408) return 'answered';
  return status === 409 && /exceeded/i.test(description) ? 'refused' : 'silent';
}
