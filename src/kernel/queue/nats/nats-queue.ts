import type { ConsumerInfo, StreamInfo } from '@nats-io/jetstream';
import { StarlingError } from '../../errors/index.js';
import type { Nats } from '../../nats/index.js';
import {
  assertDelay,
  assertLease,
  assertPublishable,
  assertTakeable,
  assertWhole,
  queueLimits,
} from '../limits.js';
import type {
  DeadLetterPage,
  Delivery,
  Published,
  PublishOptions,
  Queue,
  QueueCapabilities,
  QueueSettings,
  QueueStats,
  TakeOptions,
} from '../queue.js';
import { DeadLetters } from './dead-letters.js';
import { Deliveries } from './deliveries.js';
import { HeldLeases } from './held-leases.js';
import { consumerName, queueNames, settingsOf } from './layout.js';
import { type Lease, leaseLapsed, leaseReader } from './lease.js';
import { keepFor, Leases } from './leases.js';
import { Marks } from './marks.js';
import { Publishing } from './publishing.js';
import { countQueue } from './queue-figures.js';
import { ProgressRates } from './rates.js';
import { StoredMessages } from './stored-messages.js';
import { Taking } from './taking.js';
import { UntoldLeases } from './untold-leases.js';

/** Until when a queue is paused that nobody resumes: a server wants a date. */
const never = new Date('2200-01-01T00:00:00Z');

/** What a queue in NATS is made of. */
export interface NatsQueueParts {
  readonly name: string;
  readonly nats: Nats;
  readonly settings: Required<QueueSettings>;
  readonly workers: ConsumerInfo;
  readonly capabilities: QueueCapabilities;
  /** Counts what is under way, so that closing waits for it. Throws `shutting-down`. */
  readonly work: <T>(act: () => Promise<T>) => Promise<T>;
}

/** A queue whose messages, leases and dead letters are in NATS: any number of processes may have it open. */
export class NatsQueue implements Queue {
  readonly name: string;
  readonly #parts: NatsQueueParts;
  readonly #names: ReturnType<typeof queueNames>;
  readonly #publishing: Publishing;
  readonly #taking: Taking;
  readonly #stored: StoredMessages;
  readonly #marks: Marks;
  readonly #leases: Leases;
  readonly #dead: DeadLetters;
  readonly #held: HeldLeases;
  readonly #untold: UntoldLeases;
  readonly #readLease: (token: string) => Lease | undefined;
  readonly #rates = new ProgressRates();
  readonly #redeliveredBefore: number;
  #settings: Required<QueueSettings>;

  constructor(parts: NatsQueueParts) {
    const { name, nats, settings, workers } = parts;
    this.name = name;
    this.#parts = parts;
    this.#settings = settings;
    const names = queueNames(nats.prefix, name);
    this.#names = names;
    this.#publishing = new Publishing(nats, name, names);
    this.#dead = new DeadLetters(nats, names);
    this.#held = new HeldLeases(nats.clock);
    this.#untold = new UntoldLeases(nats.clock, (token, leaseMs) =>
      nats.connection.publish(token, keepFor(leaseMs)),
    );
    this.#readLease = leaseReader(names.stream, consumerName);
    this.#marks = new Marks(nats, names);
    this.#stored = new StoredMessages(nats, names);
    const found = { nats, stored: this.#stored, marks: this.#marks, held: this.#held, untold: this.#untold };
    const both = { ...found, settings: () => this.#settings };
    this.#leases = new Leases({ ...both, dead: this.#dead });
    const deliveries = new Deliveries({ ...both, leases: this.#leases, readLease: this.#readLease });
    this.#taking = new Taking(nats, names, deliveries);
    this.#redeliveredBefore = redelivered(workers);
  }

  async publish(body: Uint8Array, options: PublishOptions = {}): Promise<Published> {
    assertPublishable(body, options);
    if ((options.priority ?? 0) > 0) throw cannot('has no priorities');
    if ((options.delayMs ?? 0) > 0) throw cannot('does not deliver a message later than it is published');
    const { id } = options;
    return this.#parts.work(() => this.#publishing.publish({ body, id }, this.#settings));
  }

  async take(options: TakeOptions): Promise<readonly Delivery[]> {
    assertTakeable(options);
    return this.#parts.work(() => this.#taking.take(options));
  }

  ack(lease: string): Promise<void> {
    return this.#end(lease, (held) => this.#leases.ack(held));
  }

  async nak(lease: string, options: { delayMs?: number; reason?: string } = {}): Promise<void> {
    const { delayMs = 0, reason = 'it was given back.' } = options;
    assertDelay(delayMs);
    await this.#end(lease, (held) => this.#leases.nak(held, { delayMs, reason }));
  }

  reject(lease: string, reason: string): Promise<void> {
    return this.#end(lease, (held) => this.#leases.bury(held, { reason }));
  }

  async extend(lease: string, leaseMs: number): Promise<void> {
    assertLease(leaseMs);
    await this.#parts.work(async () => {
      const held = this.#read(lease);
      if (!this.#held.isSure(lease)) await this.#leases.assertHolds(held);
      await this.#leases.extend(held, leaseMs);
    });
  }

  async pause(): Promise<void> {
    if (!this.#parts.capabilities.pause) throw cannot('has no pause before version 2.11');
    await this.#ask('could not be paused', () =>
      this.#consumers.pause(this.#names.stream, consumerName, never),
    );
  }

  async resume(): Promise<void> {
    if (!this.#parts.capabilities.pause) throw cannot('has no pause before version 2.11');
    await this.#ask('could not be resumed', () => this.#consumers.resume(this.#names.stream, consumerName));
    // the server tells those who wait only some seconds later
    this.#taking.renew();
  }

  async stats(): Promise<QueueStats> {
    const { stream, aside, all } = this.#names;
    const { clock, manager } = this.#parts.nats;
    const [messages, workers, others] = await this.#ask('could not be counted', () =>
      Promise.all([
        manager.streams.info(stream),
        this.#consumers.info(stream, consumerName),
        manager.streams.info(aside, { subjects_filter: all }),
      ]),
    );
    this.#settings = settingsOf(messages.config);
    const counts = countQueue({ messages, workers, aside: others }, this.#names, clock.wallTime());
    return {
      name: this.name,
      ...counts,
      ...this.#rates.add({ at: clock.now(), ...progress(messages) }),
      redelivered: Math.max(0, redelivered(workers) - this.#redeliveredBefore),
      paused: workers.paused === true,
    };
  }

  async deadLetters(options: { limit?: number; after?: number } = {}): Promise<DeadLetterPage> {
    const { limit = 100, after = 0 } = options;
    assertWhole(limit, 1, queueLimits.takeMessages, 'number of dead letters to list');
    return this.#parts.work(() => this.#dead.page({ limit, after }));
  }

  async retry(sequence: number): Promise<void> {
    await this.#parts.work(async () => {
      const { letter, at, place } = await this.#dead.get(sequence);
      // what is left of it in the queue must not come again beside the new one
      await this.#stored.remove(place);
      const { body, id } = letter;
      const messageId = `retry-${sequence}-${at}`;
      await this.#publishing.publish({ body, id, sequence, messageId }, this.#settings);
      await this.#dead.remove(sequence, at);
      await this.#marks.forget(place);
    });
  }

  async forget(sequence: number): Promise<void> {
    await this.#parts.work(async () => {
      const { at, place } = await this.#dead.get(sequence);
      await this.#stored.remove(place);
      await this.#dead.remove(sequence, at);
      await this.#marks.forget(place);
    });
  }

  /** Other settings were written. */
  settle(settings: Required<QueueSettings>): void {
    this.#settings = settings;
  }

  /** Sends away who waits. */
  close(): void {
    this.#taking.close();
    this.#untold.close();
  }

  get #consumers() {
    return this.#parts.nats.manager.consumers;
  }

  /** Ends a lease once. */
  async #end(token: string, act: (lease: Lease) => Promise<void>): Promise<void> {
    await this.#parts.work(async () => {
      const lease = this.#read(token);
      if (!this.#held.beginEnd(token)) throw leaseLapsed(token);
      try {
        if (!this.#held.isSure(token)) await this.#leases.assertHolds(lease);
        await act(lease);
      } finally {
        this.#held.finishEnd(token);
      }
    });
  }

  #read(token: string): Lease {
    const lease = this.#readLease(token);
    if (lease === undefined) throw leaseLapsed(token);
    return lease;
  }

  #ask<T>(what: string, act: () => Promise<T>): Promise<T> {
    return this.#parts.work(() => this.#parts.nats.ask(`Queue ${this.name} ${what}`, act));
  }
}

/** Deliveries that were not the first, since the consumer was made: each message is first delivered in its turn. */
function redelivered({ delivered }: ConsumerInfo): number {
  return delivered.consumer_seq - delivered.stream_seq;
}

function progress({ state }: StreamInfo): { readonly published: number; readonly done: number } {
  return { published: state.last_seq, done: state.last_seq - state.messages };
}

function cannot(what: string): StarlingError {
  return new StarlingError(
    'input-invalid',
    `NATS ${what}. Do without, or use the embedded queues; a queue's capabilities say what it has.`,
  );
}
