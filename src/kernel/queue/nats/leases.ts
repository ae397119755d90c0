import type { Nats } from '../../nats/index.js';
import type { QueueSettings } from '../queue.js';
import type { DeadLetters } from './dead-letters.js';
import type { HeldLeases } from './held-leases.js';
import { type Lease, leaseLapsed } from './lease.js';
import { attemptOf, isCurrent, type Mark, type Marks } from './marks.js';
import { readMessageHeaders } from './message-headers.js';
import type { StoredMessages } from './stored-messages.js';
import type { UntoldLeases } from './untold-leases.js';

const nanoseconds = (ms: number) => ms * 1_000_000;

/** Keeps a message from others for so long: to the server it is one that is given back and due later. */
export const keepFor = (ms: number) => `-NAK ${JSON.stringify({ delay: nanoseconds(ms) })}`;

export interface LeasesParts {
  readonly nats: Nats;
  readonly stored: StoredMessages;
  readonly marks: Marks;
  readonly dead: DeadLetters;
  readonly held: HeldLeases;
  readonly untold: UntoldLeases;
  readonly settings: () => Required<QueueSettings>;
}

/**
 * How leases are extended and ended. A server takes an acknowledgement whoever has the message by then. So the mark of the message,
 * which one at a time can change, decides between several: an end that is in it counts, and whoever comes upon one that was not
 * finished finishes it.
 */
export class Leases {
  readonly #parts: LeasesParts;

  constructor(parts: LeasesParts) {
    this.#parts = parts;
  }

  /** Throws `lease-lapsed` where the message is done, was given back or was delivered again. */
  async assertHolds({ token, place, delivery }: Lease): Promise<void> {
    const { marks, stored } = this.#parts;
    const [mark, isThere] = await Promise.all([marks.get(place), stored.has(place)]);
    if (!isThere || !isCurrent(delivery, mark)) throw leaseLapsed(token);
  }

  async extend(lease: Lease, leaseMs: number): Promise<void> {
    const { held, untold, nats } = this.#parts;
    untold.forget(lease.token);
    const asked = nats.clock.now();
    await this.answer(lease.token, keepFor(leaseMs));
    held.add(lease.token, leaseMs - (nats.clock.now() - asked));
  }

  async ack(lease: Lease): Promise<void> {
    const { nats, marks, stored, held, untold } = this.#parts;
    await nats.ask('The message could not be acknowledged', async (tries) => {
      // the one before may have arrived, or the lease may have lapsed over it
      if (tries > 1 && !(await stored.has(lease.place))) return;
      if (tries > 1) await this.assertHolds(lease);
      await nats.connection.request(lease.token, '+ACK');
    });
    untold.forget(lease.token);
    const wasAlone = held.isSure(lease.token) || isCurrent(lease.delivery, await marks.get(lease.place));
    if (!wasAlone) await this.#prevail(lease);
    if (lease.delivery > 1 || !wasAlone) await marks.forget(lease.place);
  }

  /** Gives the message back, or up where it was delivered too often. */
  async nak(lease: Lease, { delayMs, reason }: { delayMs: number; reason: string }): Promise<void> {
    const { marks, nats, stored, untold } = this.#parts;
    const { place, delivery, token } = lease;
    // told of later it would keep the message from others
    untold.forget(token);
    const attempt = delivery === 1 ? 1 : attemptOf(delivery, await marks.get(place));
    if (attempt >= this.#parts.settings().maxDeliveries)
      return this.bury(lease, { attempts: attempt, reason: givenUp(attempt, reason) });
    const changed = await marks.change(place, (mark) =>
      isCurrent(delivery, mark) ? { delivery, attempt, end: 'back' } : undefined,
    );
    if (changed === undefined) throw leaseLapsed(token);
    if (!(await stored.has(place))) {
      await marks.forget(place);
      throw leaseLapsed(token);
    }
    await marks.noteBack(place, nats.clock.wallTime() + delayMs);
    await this.answer(token, delayMs === 0 ? '-NAK' : keepFor(delayMs));
  }

  /** Makes the message a dead letter. */
  async bury(
    lease: Lease,
    { attempts, reason }: { readonly attempts?: number; readonly reason: string },
  ): Promise<void> {
    const { place, delivery, token } = lease;
    this.#parts.untold.forget(token);
    const changed = await this.#parts.marks.change(place, (mark) =>
      isCurrent(delivery, mark)
        ? { delivery, attempt: attempts ?? attemptOf(delivery, mark), end: 'dying', reason }
        : undefined,
    );
    if (changed === undefined || !(await this.#makeDead(place, changed.after))) throw leaseLapsed(token);
    await this.#drop(lease);
  }

  /** Finishes what one began who ended the message, and did not come to the end of that. */
  async finish(lease: Lease, mark: Mark): Promise<void> {
    if (mark.end === 'dying') await this.#makeDead(lease.place, mark);
    await this.#drop(lease);
    if (mark.end === 'done') await this.#parts.marks.forget(lease.place);
  }

  /** Tells the servers what becomes of a delivery. */
  async answer(token: string, answer: string): Promise<void> {
    const { nats } = this.#parts;
    await nats.ask('The lease could not be changed', () => nats.connection.request(token, answer));
  }

  /**
   * The message was acknowledged, and is gone, though another had got it meanwhile: it is done, unless it is a dead letter.
   * Throws `lease-lapsed` then.
   */
  async #prevail({ place, delivery, token }: Lease): Promise<void> {
    const { marks, dead } = this.#parts;
    const changed = await marks.change(place, (mark = { delivery, attempt: delivery }) =>
      mark.end === 'dead' ? undefined : { delivery: mark.delivery, attempt: mark.attempt, end: 'done' },
    );
    if (changed === undefined) throw leaseLapsed(token);
    if (changed.before?.end === 'dying') await dead.withdraw(place);
  }

  /** Makes a message that is dying a dead letter, before it is gone from the queue. False where it was done instead. */
  async #makeDead(place: number, { attempt, reason = '' }: Mark): Promise<boolean> {
    const { stored, dead, marks } = this.#parts;
    const message = await stored.find(place);
    if (message !== null) {
      const { id, sequence = place } = readMessageHeaders(message.header);
      const publishedAt = message.time.getTime();
      const letter = { sequence, body: message.data, attempts: attempt, publishedAt, reason };
      await dead.add(id === undefined ? letter : { ...letter, id }, place);
    }
    const changed = await marks.change(place, (mark) =>
      mark?.end === 'dying' && message !== null ? { ...mark, end: 'dead' } : undefined,
    );
    // another may have finished it
    if (changed !== undefined || (await marks.get(place))?.end === 'dead') return true;
    await dead.withdraw(place);
    await marks.forget(place);
    return false;
  }

  /** Takes a message out of the queue that is over: that may be done twice. */
  #drop({ token }: Lease): Promise<void> {
    return this.answer(token, '+ACK');
  }
}

/** Why a message is not delivered any more. */
export function givenUp(attempts: number, reason: string): string {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return `It was delivered ${times} and never done; the last time: ${reason}`;
}
