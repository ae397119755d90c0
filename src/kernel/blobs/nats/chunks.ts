import { createHash } from 'node:crypto';
import { headers } from '@nats-io/transport-node';
import type { Nats } from '../../nats/index.js';
import type { BlobNames } from './layout.js';

/** So many chunks are on their way at once, and in memory. */
const inFlight = 4;
const digestHeader = 'Starling-Digest';

/** The bytes of blobs, in chunks under the name of the upload that brought them. */
export class Chunks {
  readonly #nats: Nats;
  readonly #names: BlobNames;

  constructor(nats: Nats, names: BlobNames) {
    this.#nats = nats;
    this.#names = names;
  }

  /** Stores chunks as they come, a few at once. Resolves when the servers have all of them. */
  async write(upload: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    const writing: Promise<void>[] = [];
    let index = 0;
    try {
      for await (const chunk of chunks) {
        const written = this.#put(upload, index, chunk);
        // told below, or by the one before it that failed
        written.catch(() => undefined);
        writing.push(written);
        index += 1;
        if (writing.length === inFlight) await writing.shift();
      }
      await Promise.all(writing);
    } finally {
      // none is left on its way
      await Promise.allSettled(writing);
    }
  }

  /** Chunks from `first` up to and without `end`, each found to be what was written; the next ones come meanwhile. Undefined: it is not. */
  async *read(upload: string, first: number, end: number): AsyncGenerator<Buffer | undefined> {
    const coming: Promise<Buffer | undefined>[] = [];
    try {
      for (let index = first; index < end || coming.length > 0; index += 1) {
        if (index < end) coming.push(this.#get(upload, index));
        if (coming.length === inFlight || index >= end) yield await coming.shift();
      }
    } finally {
      // whoever reads has gone, and is not told what became of the rest
      await Promise.allSettled(coming);
    }
  }

  async remove(upload: string): Promise<void> {
    await this.#nats.ask('The bytes of a blob could not be removed', () =>
      this.#nats.manager.streams.purge(this.#names.chunks, { filter: this.#names.chunksOf(upload) }),
    );
  }

  async #put(upload: string, index: number, chunk: Buffer): Promise<void> {
    const fields = headers();
    fields.set(digestHeader, digestOf(upload, index, chunk));
    // a try that comes late must not bring back what was removed meanwhile
    const options = { headers: fields, msgID: `${upload}/${index}` };
    await this.#nats.ask('The bytes of a blob could not be written', () =>
      this.#nats.client.publish(this.#names.chunk(upload, index), chunk, options),
    );
  }

  async #get(upload: string, index: number): Promise<Buffer | undefined> {
    const { direct, streams } = this.#nats.manager;
    const query = { last_by_subj: this.#names.chunk(upload, index) };
    const found = await this.#nats.ask(
      'The bytes of a blob could not be read',
      // any server may answer; one that lags behind does not have it yet
      async () =>
        (await direct.getMessage(this.#names.chunks, query)) ??
        (await streams.getMessage(this.#names.chunks, query)),
    );
    if (found === null) return undefined;
    const chunk = Buffer.from(found.data.buffer, found.data.byteOffset, found.data.byteLength);
    return found.header.get(digestHeader) === digestOf(upload, index, chunk) ? chunk : undefined;
  }
}

/** What a chunk is known by: its bytes, and where they belong. */
function digestOf(upload: string, index: number, chunk: Uint8Array): string {
  return createHash('sha256').update(`${upload}/${index}/`).update(chunk).digest('base64url');
}
