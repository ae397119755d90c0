import type { StoredMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import { StarlingError } from '../../errors/index.js';
import { type Nats, natsCodeOf, natsCodes } from '../../nats/index.js';
import type { BlobNames } from './layout.js';

/** What is known of a blob. Without owners it is being removed, and not there to anybody. */
export interface BlobRecord {
  readonly bytes: number;
  /** The upload whose chunks it is made of. */
  readonly upload: string;
  readonly owners: readonly string[];
}

const recordSchema: z.ZodType<BlobRecord> = z.object({
  bytes: z.number(),
  upload: z.string(),
  owners: z.array(z.string()),
});

/** A record with the place that it has in its stream. */
export interface StoredRecord {
  readonly record: BlobRecord;
  readonly place: number;
}

/** Who holds which blob. Every change is by compare-and-set: none is lost where two make one. */
export class BlobRecords {
  readonly #nats: Nats;
  readonly #names: BlobNames;

  constructor(nats: Nats, names: BlobNames) {
    this.#nats = nats;
    this.#names = names;
  }

  /** Undefined where there is none. */
  async get(hash: string): Promise<StoredRecord | undefined> {
    const query = { last_by_subj: this.#names.record(hash) };
    const found: StoredMsg | null = await this.#ask(() =>
      this.#nats.manager.streams.getMessage(this.#names.records, query),
    );
    return found === null ? undefined : { record: recordSchema.parse(found.json()), place: found.seq };
  }

  /** Puts what `next` makes of a record in its place; leaves it where that is the same. Gives the last. */
  async change<Next extends BlobRecord | undefined>(
    hash: string,
    next: (record: BlobRecord | undefined) => Next,
  ): Promise<{ readonly record: Next; readonly place: number }> {
    for (;;) {
      const stored = await this.get(hash);
      const record = next(stored?.record);
      if (record === undefined || record === stored?.record) return { record, place: stored?.place ?? 0 };
      const place = await this.#put(hash, record, stored?.place ?? 0);
      if (place !== undefined) return { record, place };
    }
  }

  /** Removes a record, where it is the one at that place still. */
  async remove(place: number): Promise<void> {
    try {
      await this.#nats.manager.streams.deleteMessage(this.#names.records, place, false);
    } catch (thrown) {
      // it was replaced, or nobody answered: a record without owners is removed by the next sweep
      if (natsCodeOf(thrown) === undefined) this.#nats.logger.warn({ err: thrown }, 'a record was left');
    }
  }

  /** The hashes of all records. */
  async hashes(): Promise<string[]> {
    const filter = { subjects_filter: this.#names.record('*') };
    const { state } = await this.#ask(() => this.#nats.manager.streams.info(this.#names.records, filter));
    return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(subject.lastIndexOf('.') + 1));
  }

  /** Undefined where somebody else changed it meanwhile. */
  async #put(hash: string, record: BlobRecord, place: number): Promise<number | undefined> {
    const body = JSON.stringify(record);
    if (body.length > this.#nats.maxPayload - 4_096)
      throw new StarlingError(
        'input-too-large',
        `Blob ${hash} is held by ${record.owners.length} already, more than NATS takes. Keep one blob for several of them.`,
      );
    const expect = { lastSubjectSequence: place };
    try {
      const put = () => this.#nats.client.publish(this.#names.record(hash), body, { expect });
      return (await this.#ask(put)).seq;
    } catch (thrown) {
      const cause = thrown instanceof Error ? thrown.cause : undefined;
      if (natsCodeOf(cause) !== natsCodes.wrongLastSequence) throw thrown;
      return undefined;
    }
  }

  #ask<T>(act: () => Promise<T>): Promise<T> {
    return this.#nats.ask('The records of blobs could not be read or written', act);
  }
}
