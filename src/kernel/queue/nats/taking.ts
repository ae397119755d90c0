import type { Msg } from '@nats-io/transport-node';
import { rest, type Timer } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import { isUnanswered, type Nats, natsError } from '../../nats/index.js';
import type { Delivery, TakeOptions } from '../queue.js';
import type { Deliveries } from './deliveries.js';
import { consumerName, type QueueNames } from './layout.js';
import { Pull, type PullEnd } from './pull.js';
import { undelivered } from './queue-figures.js';
import { SharedPull } from './shared-pull.js';

/** A server is asked anew after so long, in milliseconds. */
const longestPullMs = 30_000;
const longestPauseMs = 2_000;
/** A consumer that has not been told yet of a message is waited for so long at most, in milliseconds. */
const mostBehindMs = 500;

/** A consumer that is paused says nothing to those who do not wait. */
type Found = 'there' | 'paused' | 'silent';

/** Those who take messages of one queue. */
export class Taking {
  readonly #nats: Nats;
  readonly #names: QueueNames;
  readonly #deliveries: Deliveries;
  readonly #subject: string;
  readonly #pulls = new Set<Pull>();
  readonly #shared: SharedPull;
  readonly #stopReconnect: () => void;
  #looking: Promise<Found> | undefined;
  #closed = false;

  constructor(nats: Nats, names: QueueNames, deliveries: Deliveries) {
    this.#nats = nats;
    this.#names = names;
    this.#deliveries = deliveries;
    this.#subject = `${nats.client.apiPrefix}.CONSUMER.MSG.NEXT.${names.stream}.${consumerName}`;
    this.#shared = new SharedPull(nats, this.#subject, (message) => void this.#decline(message));
    // a server that was away does not know who waited
    this.#stopReconnect = nats.onReconnect(() => this.renew());
  }

  /** Asks the server anew for all who wait. */
  renew(): void {
    for (const pull of this.#pulls) pull.lose();
    this.#shared.renew();
  }

  /** Sends away who waits. */
  close(): void {
    this.#closed = true;
    this.#stopReconnect();
    for (const pull of this.#pulls) pull.leave();
    this.#shared.close();
  }

  async take({ max, leaseMs, waitMs = 0, signal }: TakeOptions): Promise<readonly Delivery[]> {
    const { clock, logger, patienceMs } = this.#nats;
    const started = clock.now();
    const until = started + waitMs;
    let behindMs = 0;
    for (let silences = 0; ; ) {
      const left = Math.max(behindMs, until - clock.now());
      if (this.#isOver(signal)) return [];
      const { messages, end } = await this.#pull(max, left, signal);
      const deliveries = await this.#admitted(messages, leaseMs, signal);
      if (deliveries.length > 0) return deliveries;
      const isAnswered = end === 'answered' || end === 'left';
      silences = isAnswered ? 0 : silences + 1;
      if (isAnswered) {
        // what came and was for nobody is no reason to go away with nothing
        if (messages.length > 0 || until > clock.now()) continue;
        if (behindMs > 0 || waitMs > 0 || !(await this.#isBehind())) return [];
        behindMs = mostBehindMs;
        continue;
      }
      const found = await this.#look();
      if (found === 'paused' && until <= clock.now()) return [];
      if (clock.now() >= Math.max(until, started + patienceMs)) throw notTaken(this.#names.stream, end);
      // those who wait go on waiting, as long as they like
      logger.warn({ stream: this.#names.stream, end, found, silences }, 'messages are asked for again');
      await rest(Math.min(longestPauseMs, 50 * 2 ** silences), clock);
    }
  }

  async #pull(
    max: number,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly messages: readonly Msg[]; readonly end: PullEnd }> {
    if (max === 1 && waitMs > 0) {
      const waited = await this.#shared.next(waitMs, signal);
      return 'message' in waited
        ? { messages: [waited.message], end: 'answered' }
        : { messages: [], end: waited.end };
    }
    const { connection, clock } = this.#nats;
    const pull = new Pull(connection, clock, {
      subject: this.#subject,
      max,
      waitMs: Math.min(waitMs, longestPullMs),
    });
    const leave = () => pull.leave();
    this.#pulls.add(pull);
    signal?.addEventListener('abort', leave, { once: true });
    // the server looks at its own clock only now and then
    const timer: Timer | undefined =
      waitMs > 0 && waitMs <= longestPullMs ? clock.timer(waitMs, leave) : undefined;
    try {
      const end = await pull.end;
      return { messages: pull.messages, end };
    } finally {
      timer?.cancel();
      signal?.removeEventListener('abort', leave);
      this.#pulls.delete(pull);
    }
  }

  /** What its taker gets; where that one has gone meanwhile, the messages are given back. */
  async #admitted(
    messages: readonly Msg[],
    leaseMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Delivery[]> {
    if (messages.length === 0) return [];
    if (this.#isOver(signal)) {
      await Promise.all(messages.map((message) => this.#decline(message)));
      return [];
    }
    const admitted = await Promise.all(messages.map((message) => this.#deliveries.admit(message, leaseMs)));
    return admitted.filter((delivery) => delivery !== undefined);
  }

  /** What there is behind a silence, asked once for all who wonder. */
  #look(): Promise<Found> {
    this.#looking ??= this.#find().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #find(): Promise<Found> {
    try {
      const { paused } = await this.#nats.manager.consumers.info(this.#names.stream, consumerName);
      return paused === true ? 'paused' : 'there';
    } catch (thrown) {
      if (isUnanswered(thrown)) return 'silent';
      throw natsError(thrown, `No messages could be taken from ${this.#names.stream}`);
    }
  }

  /** Whether the consumer has not been told yet of messages that are there. */
  #isBehind(): Promise<boolean> {
    const { manager } = this.#nats;
    const { stream } = this.#names;
    return this.#nats.ask(`No messages could be taken from ${stream}`, async () => {
      const workers = await manager.consumers.info(stream, consumerName);
      return workers.paused !== true && undelivered(await manager.streams.info(stream), workers) > 0;
    });
  }

  /** Gives back what nobody waits for any more; where that fails, its lease lapses. */
  async #decline(message: Msg): Promise<void> {
    try {
      await this.#deliveries.decline(message);
    } catch (error) {
      const fields = { stream: this.#names.stream, err: error };
      this.#nats.logger.warn(fields, 'a message could not be given back');
    }
  }

  #isOver(signal: AbortSignal | undefined): boolean {
    return this.#closed || signal?.aborted === true;
  }
}

function notTaken(stream: string, end: PullEnd): StarlingError {
  const why = end === 'refused' ? 'too many wait for some at NATS' : 'NATS does not answer';
  return new StarlingError(
    'storage-unavailable',
    `No messages could be taken from ${stream}: ${why}. Try again in a while.`,
    { details: { outcome: 'not-done' } },
  );
}
