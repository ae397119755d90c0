import type { StoredMsg } from '@nats-io/jetstream';
import { StarlingError } from '../../errors/index.js';
import { type Nats, natsCodeOf, natsCodes } from '../../nats/index.js';
import type { BlobRecord } from '../recorded/blob-record.js';
import type { RecordStore } from '../recorded/blob-records.js';
import type { BlobNames } from './layout.js';

/** The records as messages, with their places in the stream for versions: each takes the place of the one before. */
export class MessageRecords implements RecordStore {
  readonly #nats: Nats;
  readonly #names: BlobNames;

  constructor(nats: Nats, names: BlobNames) {
    this.#nats = nats;
    this.#names = names;
  }

  async read(hash: string): Promise<{ readonly text: string; readonly version: string } | undefined> {
    const query = { last_by_subj: this.#names.record(hash) };
    const found: StoredMsg | null = await this.#ask(() =>
      this.#nats.manager.streams.getMessage(this.#names.records, query),
    );
    return found === null ? undefined : { text: found.string(), version: String(found.seq) };
  }

  async write(hash: string, record: BlobRecord, version = '0'): Promise<string | undefined> {
    const body = JSON.stringify(record);
    if (body.length > this.#nats.maxPayload - 4_096)
      throw new StarlingError(
        'input-too-large',
        `Blob ${hash} is held by ${record.owners.length} already, more than NATS takes. Keep one blob for several of them.`,
      );
    const expect = { lastSubjectSequence: Number(version) };
    try {
      const put = () => this.#nats.client.publish(this.#names.record(hash), body, { expect });
      return String((await this.#ask(put)).seq);
    } catch (thrown) {
      const cause = thrown instanceof Error ? thrown.cause : undefined;
      if (natsCodeOf(cause) !== natsCodes.wrongLastSequence) throw thrown;
      return undefined;
    }
  }

  async remove(_hash: string, version: string): Promise<void> {
    try {
      await this.#nats.manager.streams.deleteMessage(this.#names.records, Number(version), false);
    } catch (thrown) {
      // it was replaced, or nobody answered: a record without owners is removed by the next sweep
      if (natsCodeOf(thrown) === undefined) this.#nats.logger.warn({ err: thrown }, 'a record was left');
    }
  }

  async *hashes(): AsyncGenerator<string> {
    const filter = { subjects_filter: this.#names.record('*') };
    const { state } = await this.#ask(() => this.#nats.manager.streams.info(this.#names.records, filter));
    for (const subject of Object.keys(state.subjects ?? {}))
      yield subject.slice(subject.lastIndexOf('.') + 1);
  }

  #ask<T>(act: () => Promise<T>): Promise<T> {
    return this.#nats.ask('The records of blobs could not be read or written', act);
  }
}
