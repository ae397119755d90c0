import type { Msg } from '@nats-io/transport-node';
import type { Nats } from '../../nats/index.js';
import type { Delivery, QueueSettings } from '../queue.js';
import type { DeadLetters } from './dead-letters.js';
import type { HeldLeases } from './held-leases.js';
import { consumerName, firstLeaseMs, type QueueNames } from './layout.js';
import { type Lease, leaseLapsed, readLease } from './lease.js';
import { attemptOf, isCurrent, type Marks } from './marks.js';
import { readMessageHeaders } from './message-headers.js';

const nanoseconds = (ms: number) => ms * 1_000_000;

/** Keeps a message from others for so long: to the server it is one that is given back and due later. */
const keepFor = (ms: number) => `-NAK ${JSON.stringify({ delay: nanoseconds(ms) })}`;

/** Ends where no server answers. */
const answerMs = 5_000;

export interface DeliveriesParts {
  readonly nats: Nats;
  readonly names: QueueNames;
  readonly marks: Marks;
  readonly dead: DeadLetters;
  readonly held: HeldLeases;
  readonly settings: () => Required<QueueSettings>;
}

/** The messages that came from the server: who gets them, and how they end. */
export class Deliveries {
  readonly #parts: DeliveriesParts;

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /** A message for its taker; undefined where it is not to be had: done meanwhile, or delivered too often and now dead. */
  async admit(message: Msg, leaseMs: number): Promise<Delivery | undefined> {
    const { nats, held } = this.#parts;
    const lease = this.#leaseOf(message);
    if (leaseMs !== firstLeaseMs) nats.connection.publish(lease.token, keepFor(leaseMs));
    const attempt = lease.delivery === 1 ? 1 : await this.#claim(lease);
    if (attempt === undefined) return undefined;
    const { maxDeliveries } = this.#parts.settings();
    if (attempt > maxDeliveries) {
      await this.bury(lease, { attempts: attempt - 1, reason: givenUp(attempt - 1, 'its lease lapsed.') });
      return undefined;
    }
    // the time that was asked for may not have reached the server: what holds in any case counts
    held.add(lease.token, Math.min(leaseMs, firstLeaseMs));
    const { id, sequence = lease.place } = readMessageHeaders(message.headers);
    return {
      sequence,
      ...(id === undefined ? {} : { id }),
      body: message.data,
      priority: 0,
      attempt,
      publishedAt: lease.storedAt,
      lease: lease.token,
    };
  }

  /** Gives back a message that nobody got: the delivery does not count. */
  async decline(message: Msg): Promise<void> {
    const { marks, nats } = this.#parts;
    const { place, delivery, token } = this.#leaseOf(message);
    const changed = await marks.change(place, (mark) =>
      isCurrent(delivery, mark)
        ? { delivery, attempt: attemptOf(delivery, mark) - 1, ended: true }
        : undefined,
    );
    if (changed === undefined) return;
    await marks.noteBack(place, nats.clock.wallTime());
    await this.#answer(token, '-NAK');
  }

  async ack(lease: Lease): Promise<void> {
    const { nats, marks } = this.#parts;
    await nats.ask('The message could not be acknowledged', async (tries) => {
      // the one before may have arrived, or the lease may have lapsed over it
      if (tries > 1 && !(await this.#isThere(lease.place))) return;
      if (tries > 1) await this.assertHolds(lease);
      await nats.connection.request(lease.token, '+ACK', { timeout: answerMs });
    });
    if (lease.delivery > 1) await marks.forget(lease.place);
  }

  async nak(lease: Lease, { delayMs, reason }: { delayMs: number; reason: string }): Promise<void> {
    const { marks, nats } = this.#parts;
    const attempt = lease.delivery === 1 ? 1 : attemptOf(lease.delivery, await marks.get(lease.place));
    if (attempt >= this.#parts.settings().maxDeliveries)
      return this.bury(lease, { attempts: attempt, reason: givenUp(attempt, reason) });
    const changed = await marks.change(lease.place, (mark) =>
      isCurrent(lease.delivery, mark) ? { delivery: lease.delivery, attempt, ended: true } : undefined,
    );
    if (changed === undefined) throw leaseLapsed(lease.token);
    await marks.noteBack(lease.place, nats.clock.wallTime() + delayMs);
    await this.#answer(lease.token, delayMs === 0 ? '-NAK' : keepFor(delayMs));
  }

  async extend(lease: Lease, leaseMs: number): Promise<void> {
    const { held } = this.#parts;
    const asked = this.#parts.nats.clock.now();
    await this.#answer(lease.token, keepFor(leaseMs));
    held.add(lease.token, leaseMs - (this.#parts.nats.clock.now() - asked));
  }

  /** Makes the message a dead letter. It is one before it is gone from the queue: in between it is only not taken. */
  async bury(
    lease: Lease,
    { attempts, reason }: { readonly attempts?: number; readonly reason: string },
  ): Promise<void> {
    const { nats, names, dead, marks } = this.#parts;
    const { place, delivery } = lease;
    const stored = await nats.ask('The message could not be read', () =>
      nats.manager.streams.getMessage(names.stream, { seq: place }),
    );
    if (stored === null) throw leaseLapsed(lease.token);
    const { id, sequence = place } = readMessageHeaders(stored.header);
    const made = attempts ?? (delivery === 1 ? 1 : attemptOf(delivery, await marks.get(place)));
    const publishedAt = stored.time.getTime();
    const letter = { sequence, body: stored.data, attempts: made, publishedAt, reason };
    await dead.add(id === undefined ? letter : { ...letter, id }, place);
    await this.ack(lease);
  }

  /** Throws `lease-lapsed` where the message is done, was given back or was delivered again. */
  async assertHolds({ token, place, delivery }: Lease): Promise<void> {
    const [mark, isThere] = await Promise.all([this.#parts.marks.get(place), this.#isThere(place)]);
    if (!isThere || !isCurrent(delivery, mark)) throw leaseLapsed(token);
  }

  /** Notes a delivery that is not the first before its taker gets it; gives which attempt it is. */
  async #claim({ place, delivery }: Lease): Promise<number | undefined> {
    const { marks } = this.#parts;
    const changed = await marks.change(place, (mark) =>
      isCurrent(delivery, mark) ? { delivery, attempt: attemptOf(delivery, mark) } : undefined,
    );
    if (changed === undefined) return undefined;
    // an end that was acknowledged while this delivery was on its way
    if (!(await this.#isThere(place))) {
      await marks.forget(place);
      return undefined;
    }
    if (changed.before?.ended === true) await marks.forgetBack(place);
    return changed.after.attempt;
  }

  async #isThere(place: number): Promise<boolean> {
    const { nats, names } = this.#parts;
    const found = await nats.ask('The message could not be looked up', () =>
      nats.manager.streams.getMessage(names.stream, { seq: place }),
    );
    return found !== null;
  }

  async #answer(token: string, answer: string): Promise<void> {
    const { nats } = this.#parts;
    await nats.ask('The lease could not be changed', () =>
      nats.connection.request(token, answer, { timeout: answerMs }),
    );
  }

  #leaseOf({ reply = '' }: Msg): Lease {
    const lease = readLease(reply, this.#parts.names.stream, consumerName);
    if (lease === undefined) throw new RangeError(`NATS delivered a message to be answered at ${reply}.`);
    return lease;
  }
}

/** Why a message is not delivered any more. */
function givenUp(attempts: number, reason: string): string {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return `It was delivered ${times} and never done; the last time: ${reason}`;
}
