import type { StoredMsg } from '@nats-io/jetstream';
import { type Nats, natsCodeOf } from '../../nats/index.js';
import type { QueueNames } from './layout.js';

/** The messages of one queue as its stream has them, whoever works on them. */
export class StoredMessages {
  readonly #nats: Nats;
  readonly #stream: string;

  constructor(nats: Nats, { stream }: QueueNames) {
    this.#nats = nats;
    this.#stream = stream;
  }

  /** Null where it is done. */
  find(place: number): Promise<StoredMsg | null> {
    const { streams } = this.#nats.manager;
    return this.#nats.ask(`Message ${place} of ${this.#stream} could not be looked up`, () =>
      streams.getMessage(this.#stream, { seq: place }),
    );
  }

  async has(place: number): Promise<boolean> {
    return (await this.find(place)) !== null;
  }

  /** Takes one out that nobody is to get any more; nothing where it is gone already. */
  async remove(place: number): Promise<void> {
    const { streams } = this.#nats.manager;
    await this.#nats.ask(`Message ${place} of ${this.#stream} could not be removed`, async () => {
      if ((await streams.getMessage(this.#stream, { seq: place })) === null) return;
      try {
        await streams.deleteMessage(this.#stream, place, false);
      } catch (thrown) {
        // it may have gone by itself meanwhile
        const isRefused = natsCodeOf(thrown) !== undefined;
        if (!isRefused || (await streams.getMessage(this.#stream, { seq: place })) !== null) throw thrown;
      }
    });
  }
}
