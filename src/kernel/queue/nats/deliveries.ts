import type { Msg } from '@nats-io/transport-node';
import type { Nats } from '../../nats/index.js';
import type { Delivery, QueueSettings } from '../queue.js';
import type { HeldLeases } from './held-leases.js';
import { firstLeaseMs } from './layout.js';
import type { Lease } from './lease.js';
import { givenUp, type Leases } from './leases.js';
import { attemptOf, isCurrent, isOver, type Marks } from './marks.js';
import { readMessageHeaders } from './message-headers.js';
import type { StoredMessages } from './stored-messages.js';
import type { UntoldLeases } from './untold-leases.js';

export interface DeliveriesParts {
  readonly nats: Nats;
  readonly stored: StoredMessages;
  readonly marks: Marks;
  readonly held: HeldLeases;
  readonly untold: UntoldLeases;
  readonly readLease: (token: string) => Lease | undefined;
  readonly leases: Leases;
  readonly settings: () => Required<QueueSettings>;
}

/** The messages that came from the server: who gets them. */
export class Deliveries {
  readonly #parts: DeliveriesParts;

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /** A message for its taker; undefined where it is not to be had: done meanwhile, or delivered too often and now dead. */
  async admit(message: Msg, leaseMs: number): Promise<Delivery | undefined> {
    const { held, untold, leases } = this.#parts;
    const lease = this.#leaseOf(message);
    const attempt = lease.delivery === 1 ? 1 : await this.#claim(lease);
    if (attempt === undefined) return undefined;
    const { maxDeliveries } = this.#parts.settings();
    if (attempt > maxDeliveries) {
      const reason = givenUp(attempt - 1, 'its lease lapsed.');
      await leases.bury(lease, { attempts: attempt - 1, reason });
      return undefined;
    }
    untold.add(lease.token, leaseMs);
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
    const { marks, nats, leases } = this.#parts;
    const { place, delivery, token } = this.#leaseOf(message);
    const changed = await marks.change(place, (mark) =>
      isCurrent(delivery, mark)
        ? { delivery, attempt: attemptOf(delivery, mark) - 1, end: 'back' }
        : undefined,
    );
    if (changed === undefined) return;
    await marks.noteBack(place, nats.clock.wallTime());
    await leases.answer(token, '-NAK');
  }

  /** Notes a delivery that is not the first before its taker gets it; gives which attempt it is. */
  async #claim(lease: Lease): Promise<number | undefined> {
    const { marks, stored, leases } = this.#parts;
    const { place, delivery } = lease;
    const changed = await marks.change(place, (mark) =>
      isCurrent(delivery, mark) ? { delivery, attempt: attemptOf(delivery, mark) } : undefined,
    );
    if (changed === undefined) {
      const mark = await marks.get(place);
      if (mark !== undefined && isOver(mark)) await leases.finish(lease, mark);
      return undefined;
    }
    // an end that was acknowledged while this delivery was on its way
    if (!(await stored.has(place))) {
      await marks.forget(place);
      return undefined;
    }
    if (changed.before?.end === 'back') await marks.forgetBack(place);
    return changed.after.attempt;
  }

  #leaseOf({ reply = '' }: Msg): Lease {
    const lease = this.#parts.readLease(reply);
    if (lease === undefined) throw new RangeError(`NATS delivered a message to be answered at ${reply}.`);
    return lease;
  }
}
