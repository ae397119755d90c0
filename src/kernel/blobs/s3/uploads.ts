import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Clock } from '../../clock/index.js';
import type { BlobUpload, BlobUploads } from '../recorded/blob-store.js';
import { ChunkDigests } from './chunk-digests.js';
import { bytesName, bytesPrefix, chunkBytes, digestsName, digestsPrefix, trialName } from './layout.js';
import type { Objects } from './objects.js';

/** After what age bytes that nobody names are of a write that was broken off, in milliseconds. */
const brokenOffMs = 24 * 3_600_000;

/** The bytes of blobs as objects. */
export class ObjectUploads implements BlobUploads {
  readonly #objects: Objects;
  readonly #clock: Clock;

  constructor(objects: Objects, clock: Clock) {
    this.#objects = objects;
    this.#clock = clock;
  }

  async begin(): Promise<BlobUpload> {
    const id = randomUUID();
    const began = this.#clock.now();
    return {
      id,
      write: (bytes) => this.#write(id, bytes),
      // a sweep takes nothing that is younger
      finish: async () => this.#clock.now() - began <= brokenOffMs / 2 || this.#isThere(id),
      discard: () => this.remove(id),
      leave: () => {},
    };
  }

  async remove(upload: string): Promise<void> {
    await this.#objects.remove(bytesName(upload));
    await this.#objects.remove(digestsName(upload));
  }

  /** Those so old that whoever began them has given up; ends those that are in parts still. */
  async brokenOff(): Promise<Set<string>> {
    const before = (await this.#storeTime()) - brokenOffMs;
    await this.#objects.endUploads(bytesPrefix, before);
    const old = new Set<string>();
    for (const prefix of [bytesPrefix, digestsPrefix])
      for await (const { name, changedMs } of this.#objects.list(prefix))
        if (changedMs < before) old.add(name.slice(prefix.length));
    return old;
  }

  async #write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const digests = new ChunkDigests();
    const failure: { thrown?: unknown } = {};
    const pieces = digested(bytes, digests, failure);
    try {
      await this.#objects.upload(bytesName(id), Readable.from(pieces, { objectMode: false }));
    } catch (thrown) {
      throw 'thrown' in failure ? failure.thrown : thrown;
    }
    if (digests.bytes > chunkBytes) await this.#objects.put(digestsName(id), digests.end());
  }

  async #isThere(upload: string): Promise<boolean> {
    return (await this.#objects.changedMs(bytesName(upload))) !== undefined;
  }

  /** The store's own clock, by which it says when an object was changed. */
  async #storeTime(): Promise<number> {
    const name = trialName(randomUUID());
    await this.#objects.put(name, 'time');
    const time = await this.#objects.changedMs(name);
    await this.#objects.remove(name);
    // removed by somebody else: nothing is old
    return time ?? 0;
  }
}

/** The bytes, with what their source throws put aside: the client of S3 may throw something of its own in its place. */
async function* digested(
  bytes: AsyncIterable<Uint8Array>,
  digests: ChunkDigests,
  failure: { thrown?: unknown },
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of bytes) {
      digests.add(piece);
      yield piece;
    }
  } catch (thrown) {
    failure.thrown = thrown;
    throw thrown;
  }
}
