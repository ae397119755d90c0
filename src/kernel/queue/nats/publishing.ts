import { type MsgHdrs, nuid } from '@nats-io/transport-node';
import { StarlingError } from '../../errors/index.js';
import { type Nats, natsCodeOf, natsCodes } from '../../nats/index.js';
import type { Published, QueueSettings } from '../queue.js';
import type { QueueNames } from './layout.js';
import { type MessageHeaders, messageHeaders, messageIdOf } from './message-headers.js';

/** Room for the headers of a message: an id of 256 characters, twice, as JSON. */
const headerBytes = 4_096;

/** A message that goes in. */
export interface Outgoing extends MessageHeaders {
  readonly body: Uint8Array;
  /** What the server knows it again by. Default: made from `id`, or of our own. */
  readonly messageId?: string;
}

/** Puts messages into the stream of one queue. */
export class Publishing {
  readonly #nats: Nats;
  readonly #name: string;
  readonly #names: QueueNames;

  constructor(nats: Nats, name: string, names: QueueNames) {
    this.#nats = nats;
    this.#name = name;
    this.#names = names;
  }

  /**
   * Resolves when the servers have it. Where no answer came it is published again under the same id, which they know again.
   * Throws `queue-full`, `input-too-large`, `storage-full`, `storage-unavailable` where it may have arrived or not.
   */
  async publish(
    message: Outgoing,
    { capacity, deduplicationMs }: Required<QueueSettings>,
  ): Promise<Published> {
    const { body, id } = message;
    this.#assertFits(body);
    const isNamed = id !== undefined && deduplicationMs > 0;
    const messageId = message.messageId ?? (isNamed ? messageIdOf(id) : `own-${nuid.next()}`);
    const { seq, duplicate } = await this.#put(body, messageHeaders({ ...message, messageId }), capacity);
    return { sequence: seq, duplicate: duplicate && isNamed };
  }

  async #put(
    body: Uint8Array,
    headers: MsgHdrs,
    capacity: number,
  ): Promise<{ seq: number; duplicate: boolean }> {
    const what = `The message could not be put into queue ${this.#name}`;
    const { client, manager } = this.#nats;
    return this.#nats.ask(what, async (tries) => {
      // nobody answers for a queue that is not there any more either
      if (tries > 1) await manager.streams.info(this.#names.stream);
      try {
        return await client.publish(this.#names.subject, body, { headers });
      } catch (thrown) {
        if (!isFull(thrown)) throw thrown;
        throw new StarlingError(
          'queue-full',
          `Queue ${this.#name} has ${capacity} messages, which is all it takes. Publish again when some are done, or give it a larger capacity.`,
          { details: { queue: this.#name, capacity }, cause: thrown },
        );
      }
    });
  }

  #assertFits(body: Uint8Array): void {
    const { maxPayload } = this.#nats;
    if (body.byteLength + headerBytes <= maxPayload) return;
    throw new StarlingError(
      'input-too-large',
      `The message has ${body.byteLength} bytes, and the NATS servers take ${maxPayload} with ${headerBytes} of headers. Set their max_payload to 2MB, or put the body into blobs.`,
    );
  }
}

function isFull(thrown: unknown): boolean {
  return (
    natsCodeOf(thrown) === natsCodes.storeFailed &&
    thrown instanceof Error &&
    thrown.message.includes('maximum messages')
  );
}
