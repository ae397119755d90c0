import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Nats, natsCodeOf, natsCodes } from '../../nats/index.js';
import type { QueueNames } from './layout.js';

/** What is to be known of a message's deliveries, where the first was not the only one. */
export interface Mark {
  /** The last delivery that somebody had. */
  readonly delivery: number;
  /** Which attempt it was: deliveries that nobody got do not count. */
  readonly attempt: number;
  /**
   * That it was given back; that the message is done; that it is to be a dead letter, which whoever comes upon it makes of it;
   * or that it is one.
   */
  readonly end?: 'back' | 'done' | 'dying' | 'dead';
  /** Why it is to be a dead letter. */
  readonly reason?: string;
}

const markSchema = z.object({
  delivery: z.number(),
  attempt: z.number(),
  end: z.enum(['back', 'done', 'dying', 'dead']).optional(),
  reason: z.string().optional(),
}) as z.ZodType<Mark>;

/** Which attempt a delivery is, with what is marked of those before it. Those that left no mark count. */
export function attemptOf(delivery: number, mark: Mark | undefined): number {
  return mark === undefined ? delivery : mark.attempt + (delivery - mark.delivery);
}

/** Whether the message is not to be delivered any more. */
export function isOver({ end }: Mark): boolean {
  return end !== undefined && end !== 'back';
}

/** Whether a delivery still counts: the message is not over, none came after it, and it was not given back. */
export function isCurrent(delivery: number, mark: Mark | undefined): boolean {
  if (mark === undefined) return true;
  if (isOver(mark)) return false;
  return delivery > mark.delivery || (delivery === mark.delivery && mark.end === undefined);
}

/** The marks of one queue: what a server does not tell of a message. They are changed by compare-and-set. */
export class Marks {
  readonly #nats: Nats;
  readonly #names: QueueNames;

  constructor(nats: Nats, names: QueueNames) {
    this.#nats = nats;
    this.#names = names;
  }

  async get(place: number): Promise<Mark | undefined> {
    return (await this.#read(place)).mark;
  }

  /** Puts what `next` makes of a mark in its place, and gives both; nothing where that is undefined. */
  async change(
    place: number,
    next: (mark: Mark | undefined) => Mark | undefined,
  ): Promise<{ readonly before: Mark | undefined; readonly after: Mark } | undefined> {
    let tried: { readonly before: Mark | undefined; readonly after: Mark } | undefined;
    for (;;) {
      const { mark: before, revision } = await this.#read(place);
      // a try that was not answered, and was done
      if (tried !== undefined && isDeepStrictEqual(before, tried.after)) return tried;
      const after = next(before);
      if (after === undefined) return undefined;
      tried = { before, after };
      if (await this.#put(place, after, revision)) return tried;
    }
  }

  /** Notes that a message was given back, for those who count. */
  async noteBack(place: number, due: number): Promise<void> {
    await this.#ask(() => this.#nats.client.publish(this.#names.back(place, due)));
  }

  async forgetBack(place: number): Promise<void> {
    await this.#purge(this.#names.back(place, '*'));
  }

  /** The message is done. */
  async forget(place: number): Promise<void> {
    await this.#purge(this.#names.ofMessage(place));
  }

  async #read(place: number): Promise<{ readonly mark: Mark | undefined; readonly revision: number }> {
    const subject = this.#names.mark(place);
    const found = await this.#ask(() =>
      this.#nats.manager.streams.getMessage(this.#names.aside, { last_by_subj: subject }),
    );
    if (found === null) return { mark: undefined, revision: 0 };
    return { mark: markSchema.parse(found.json()), revision: found.seq };
  }

  /** False where somebody else changed it meanwhile, which may be a first try of our own that was not answered. */
  async #put(place: number, mark: Mark, revision: number): Promise<boolean> {
    const expect = { lastSubjectSequence: revision };
    try {
      await this.#ask(() =>
        this.#nats.client.publish(this.#names.mark(place), JSON.stringify(mark), { expect }),
      );
      return true;
    } catch (thrown) {
      if (natsCodeOf(thrown instanceof Error ? thrown.cause : thrown) !== natsCodes.wrongLastSequence)
        throw thrown;
      return false;
    }
  }

  async #purge(filter: string): Promise<void> {
    await this.#ask(() => this.#nats.manager.streams.purge(this.#names.aside, { filter }));
  }

  #ask<T>(act: () => Promise<T>): Promise<T> {
    return this.#nats.ask(`The deliveries in ${this.#names.stream} could not be looked up`, act);
  }
}
