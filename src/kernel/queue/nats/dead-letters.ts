import type { StoredMsg } from '@nats-io/jetstream';
import { StarlingError } from '../../errors/index.js';
import { type Nats, natsCodeOf } from '../../nats/index.js';
import type { DeadLetter, DeadLetterPage } from '../queue.js';
import type { QueueNames } from './layout.js';
import { messageHeaders, readMessageHeaders } from './message-headers.js';

const attemptsHeader = 'Starling-Attempts';
const publishedHeader = 'Starling-Published';
const reasonHeader = 'Starling-Reason';

/** A dead letter as it is stored. */
export interface FoundDeadLetter {
  readonly letter: DeadLetter;
  /** Where it is in the stream of what is aside. */
  readonly at: number;
  /** Where its message was in the stream of the queue. */
  readonly place: number;
}

/** The dead letters of one queue, each under the sequence of its message. */
export class DeadLetters {
  readonly #nats: Nats;
  readonly #names: QueueNames;

  constructor(nats: Nats, names: QueueNames) {
    this.#nats = nats;
    this.#names = names;
  }

  /** Stores one; once only, where it is stored again within two minutes. */
  async add(letter: Omit<DeadLetter, 'diedAt'>, place: number): Promise<void> {
    const { sequence, id, body, attempts, publishedAt, reason } = letter;
    const fields = messageHeaders({ messageId: `dead-${place}`, sequence, id });
    fields.set(attemptsHeader, String(attempts));
    fields.set(publishedHeader, String(publishedAt));
    fields.set(reasonHeader, JSON.stringify(reason));
    const subject = this.#names.dead(sequence, place);
    await this.#ask(() => this.#nats.client.publish(subject, body, { headers: fields }));
  }

  /** The message at that place is done: it is no dead letter. */
  async withdraw(place: number): Promise<void> {
    const filter = this.#names.dead('*', place);
    await this.#ask(() => this.#nats.manager.streams.purge(this.#names.aside, { filter }));
  }

  async page({ limit, after }: { limit: number; after: number }): Promise<DeadLetterPage> {
    const sequences = (await this.#sequences()).filter((sequence) => sequence > after);
    const page = sequences.slice(0, limit);
    const found = await Promise.all(page.map((sequence) => this.#find(sequence)));
    const next = sequences.length > limit ? page.at(-1) : undefined;
    return {
      // one may have been retried or forgotten meanwhile
      deadLetters: found.filter((message) => message !== null).map(readDeadLetter),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** One, with where it is among the dead, and the place that its message had. Throws `not-found`. */
  async get(sequence: number): Promise<FoundDeadLetter> {
    const message = await this.#find(sequence);
    if (message === null) throw noDeadLetter(sequence);
    const [, place] = placesOf(message.subject);
    return { letter: readDeadLetter(message), at: message.seq, place };
  }

  /** Throws `not-found` where it is gone already. */
  async remove(sequence: number, at: number): Promise<void> {
    try {
      await this.#nats.manager.streams.deleteMessage(this.#names.aside, at, false);
    } catch (thrown) {
      if (await this.#isGone(sequence, at)) {
        if (natsCodeOf(thrown) !== undefined) throw noDeadLetter(sequence);
        // nobody answered, and it was done
        return;
      }
      await this.#ask(() => this.#nats.manager.streams.deleteMessage(this.#names.aside, at, false));
    }
  }

  async #isGone(sequence: number, at: number): Promise<boolean> {
    return (await this.#find(sequence))?.seq !== at;
  }

  async #sequences(): Promise<number[]> {
    const filter = { subjects_filter: this.#names.dead('*', '*') };
    const { state } = await this.#ask(() => this.#nats.manager.streams.info(this.#names.aside, filter));
    return Object.keys(state.subjects ?? {})
      .map((subject) => placesOf(subject)[0])
      .sort((one, other) => one - other);
  }

  #find(sequence: number): Promise<StoredMsg | null> {
    if (!Number.isSafeInteger(sequence)) return Promise.resolve(null);
    const query = { last_by_subj: this.#names.dead(sequence, '*') };
    return this.#ask(() => this.#nats.manager.streams.getMessage(this.#names.aside, query));
  }

  #ask<T>(act: () => Promise<T>): Promise<T> {
    return this.#nats.ask(`The dead letters in ${this.#names.aside} could not be had`, act);
  }
}

/** The sequence and the place that the last two words of a subject are. */
function placesOf(subject: string): readonly [sequence: number, place: number] {
  const [sequence, place] = subject.split('.').slice(-2).map(Number);
  return [sequence ?? 0, place ?? 0];
}

function readDeadLetter({ header, data, time, seq }: StoredMsg): DeadLetter {
  const { sequence = seq, id } = readMessageHeaders(header);
  return {
    sequence,
    ...(id === undefined ? {} : { id }),
    body: data,
    attempts: Number(header.get(attemptsHeader)),
    publishedAt: Number(header.get(publishedHeader)),
    diedAt: time.getTime(),
    reason: String(JSON.parse(header.get(reasonHeader))),
  };
}

function noDeadLetter(sequence: number): StarlingError {
  return new StarlingError(
    'not-found',
    `The queue has no dead letter ${sequence}. List its dead letters to see which there are.`,
    { details: { sequence } },
  );
}
