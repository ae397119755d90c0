import { nuid } from '@nats-io/transport-node';
import type { Timer } from '../../clock/index.js';
import { type Nats, natsCodeOf, natsCodes } from '../../nats/index.js';
import { inChunks } from '../in-chunks.js';
import type { BlobUpload, BlobUploads } from '../recorded/blob-store.js';
import type { Chunks } from './chunks.js';
import { type BlobNames, chunkBytes } from './layout.js';

/** How often an upload says that it goes on, and after what silence it was broken off, in milliseconds. */
const refreshMs = 60_000;
const staleMs = 15 * 60_000;

/** What a server answers that is to remove what is not there. */
const absences: readonly (number | undefined)[] = [
  natsCodes.messageNotFound,
  natsCodes.sequenceNotFound,
  natsCodes.messageDeleteFailed,
];

/** The bytes of blobs as chunks. An upload that is under way has signed, at whatever process: a sweep leaves its chunks alone. */
export class ChunkUploads implements BlobUploads {
  readonly #nats: Nats;
  readonly #names: BlobNames;
  readonly #chunks: Chunks;

  constructor(nats: Nats, names: BlobNames, chunks: Chunks) {
    this.#nats = nats;
    this.#names = names;
    this.#chunks = chunks;
  }

  async begin(): Promise<BlobUpload> {
    const { clock, logger } = this.#nats;
    const id = nuid.next();
    let place = await this.#sign(id);
    let refreshing = Promise.resolve();
    let timer: Timer;
    const refresh = () => {
      refreshing = this.#sign(id, place).then(
        (next) => {
          place = next;
        },
        // told by the end: the upload is not there any more then
        (error: unknown) =>
          logger.warn({ upload: id, err: error }, 'an upload could not say that it goes on'),
      );
      timer = clock.timer(refreshMs, refresh);
    };
    timer = clock.timer(refreshMs, refresh);
    const finish = async () => {
      timer.cancel();
      await refreshing;
      return this.#remove(place);
    };
    return {
      id,
      write: (bytes) => this.#chunks.write(id, inChunks(bytes, chunkBytes)),
      finish,
      discard: async () => {
        timer.cancel();
        await this.remove(id);
        await finish();
      },
      leave: () => timer.cancel(),
    };
  }

  remove(upload: string): Promise<void> {
    return this.#chunks.remove(upload);
  }

  /** Those that have not signed for long: their signs are removed. */
  async brokenOff(): Promise<Set<string>> {
    const filter = { subjects_filter: this.#names.upload('*') };
    // the servers' clock, as those have it who sign
    const own = await this.#sign('sweep');
    const { streams } = this.#nats.manager;
    const sign = (place: number) => this.#ask(() => streams.getMessage(this.#names.records, { seq: place }));
    const now = (await sign(own))?.time.getTime() ?? 0;
    await this.#remove(own);
    const { state } = await this.#ask(() => streams.info(this.#names.records, filter));
    const stale = new Set<string>();
    for (const subject of Object.keys(state.subjects ?? {})) {
      const found = await this.#ask(() => streams.getMessage(this.#names.records, { last_by_subj: subject }));
      if (found === null || now - found.time.getTime() < staleMs) continue;
      if (await this.#remove(found.seq)) stale.add(subject.slice(subject.lastIndexOf('.') + 1));
    }
    return stale;
  }

  /** Signs an upload; again only where its sign is there still. */
  async #sign(id: string, place?: number): Promise<number> {
    const expected = place === undefined ? {} : { expect: { lastSubjectSequence: place } };
    // a try that comes late, after one that was answered, must not take its place
    const options = { ...expected, msgID: nuid.next() };
    const { client } = this.#nats;
    return (await this.#ask(() => client.publish(this.#names.upload(id), '', options))).seq;
  }

  /** False where somebody else removed it before. */
  async #remove(place: number): Promise<boolean> {
    return this.#ask(async (tries) => {
      try {
        return await this.#nats.manager.streams.deleteMessage(this.#names.records, place, false);
      } catch (thrown) {
        if (!absences.includes(natsCodeOf(thrown))) throw thrown;
        // after a try that was not answered it may be our own doing
        return tries > 1;
      }
    });
  }

  #ask<T>(act: (tries: number) => Promise<T>): Promise<T> {
    return this.#nats.ask('The uploads of blobs could not be read or written', act);
  }
}
