import { StarlingError } from '../../errors/index.js';
import { assertPublishable } from '../limits.js';
import type { Published, PublishOptions } from '../queue.js';
import { momentOf, type QueueParts } from './queue-parts.js';
import { Rate } from './rates.js';
import type { MessageRecord } from './record.js';

/** The way into a queue: messages are written, and only then in the ledger. */
export class Publishing {
  /** Messages that were published. */
  readonly rate = new Rate();
  readonly #parts: QueueParts;
  readonly #onPublished: () => void;
  /** By id, the publishings that are on their way to disk. */
  readonly #publishing = new Map<string, Promise<number>>();
  #sequence: number;
  /** Messages that are on their way to disk, and so take up room already. */
  #coming = 0;

  constructor(parts: QueueParts, onPublished: () => void) {
    this.#parts = parts;
    this.#onPublished = onPublished;
    this.#sequence = parts.store.lastSequence();
  }

  /** As the port has it. */
  async publish(body: Uint8Array, options: PublishOptions): Promise<Published> {
    assertPublishable(body, options);
    await this.#parts.ready();
    const { id } = options;
    if (id !== undefined) {
      const known = this.#publishing.get(id) ?? this.#known(id);
      if (known !== undefined) return { sequence: await known, duplicate: true };
    }
    const written = this.#write(body, options);
    if (id !== undefined) this.#publishing.set(id, written);
    try {
      return { sequence: await written, duplicate: false };
    } finally {
      if (id !== undefined) this.#publishing.delete(id);
    }
  }

  /** Throws `queue-full`. */
  assertRoom(): void {
    const { name, ledger, stored } = this.#parts;
    const { capacity } = stored().settings;
    if (ledger.size + this.#coming < capacity) return;
    throw new StarlingError(
      'queue-full',
      `Queue ${name} has ${capacity} messages, which is all it takes. Publish again when some are done, or give it a larger capacity.`,
      { details: { queue: name, capacity } },
    );
  }

  #known(id: string): Promise<number> | undefined {
    const { store, clock } = this.#parts;
    const known = store.idOf(id);
    return known !== undefined && known.until > clock.wallTime()
      ? Promise.resolve(known.sequence)
      : undefined;
  }

  async #write(body: Uint8Array, { id, priority = 0, delayMs = 0 }: PublishOptions): Promise<number> {
    const { store, ledger, clock, stored } = this.#parts;
    this.assertRoom();
    const wallTime = clock.wallTime();
    const record: MessageRecord = {
      priority,
      attempts: 0,
      publishedAt: wallTime,
      ...(id === undefined ? {} : { id }),
      ...(delayMs === 0 ? {} : { due: wallTime + delayMs }),
    };
    const sequence = ++this.#sequence;
    const idUntil = wallTime + stored().settings.deduplicationMs;
    this.#coming++;
    try {
      await store.add({ sequence, record, body, idUntil }, wallTime);
    } finally {
      this.#coming--;
    }
    const moment = momentOf(clock);
    ledger.add(sequence, record, moment);
    this.rate.add(moment.now);
    this.#onPublished();
    return sequence;
  }
}
