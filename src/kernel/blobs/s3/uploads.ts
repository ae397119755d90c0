import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { StarlingError } from '../../errors/index.js';
import type { BlobInfo, WriteOptions } from '../blobs.js';
import { untilAborted } from '../local/until-aborted.js';
import { ChunkDigests } from './chunk-digests.js';
import { bytesName, bytesPrefix, chunkBytes, digestsName, digestsPrefix, trialName } from './layout.js';
import type { Objects } from './objects.js';
import type { S3Logger } from './s3-options.js';

/** After what age bytes that nobody names are of a write that was broken off, in milliseconds. */
export const brokenOffMs = 24 * 3_600_000;

/** The bytes of blobs on their way in, under the name of their upload. */
export class Uploads {
  readonly #objects: Objects;
  readonly #logger: S3Logger;

  constructor(objects: Objects, logger: S3Logger) {
    this.#objects = objects;
    this.#logger = logger;
  }

  /** Stores what `source` gives. Where that fails, nothing is left of it, or it is swept later. */
  async receive(
    upload: string,
    source: AsyncIterable<Uint8Array>,
    { maxBytes = Infinity, signal }: Pick<WriteOptions, 'maxBytes' | 'signal'>,
  ): Promise<BlobInfo> {
    const digests = new ChunkDigests();
    async function* counted() {
      for await (const piece of untilAborted(source, signal)) {
        digests.add(piece);
        if (digests.bytes > maxBytes) throw tooLarge(maxBytes);
        yield piece;
      }
    }
    const failure: { thrown?: unknown } = {};
    const pieces = kept(counted(), failure);
    try {
      await this.#objects.upload(bytesName(upload), Readable.from(pieces, { objectMode: false }));
      const { hash, chunks } = digests.end();
      if (digests.bytes > chunkBytes) await this.#objects.put(digestsName(upload), chunks);
      signal?.throwIfAborted();
      return { hash, bytes: digests.bytes };
    } catch (thrown) {
      await this.discard(upload);
      throw 'thrown' in failure ? failure.thrown : thrown;
    }
  }

  /** Removes the bytes of an upload. */
  async remove(upload: string): Promise<void> {
    await this.#objects.remove(bytesName(upload));
    await this.#objects.remove(digestsName(upload));
  }

  /** Removes bytes that nobody names; where that fails, a sweep does it. */
  async discard(upload: string): Promise<void> {
    try {
      await this.remove(upload);
    } catch (thrown) {
      this.#logger.warn(
        { upload, err: thrown },
        'bytes of a blob that was not written are left to the next sweep',
      );
    }
  }

  isThere(upload: string): Promise<boolean> {
    return this.#objects.changedMs(bytesName(upload)).then((changed) => changed !== undefined);
  }

  /** Uploads so old that whoever began them has given up, unless a record names them; ends those that are in parts still. */
  async old(): Promise<Set<string>> {
    const before = (await this.#storeTime()) - brokenOffMs;
    await this.#objects.endUploads(bytesPrefix, before);
    const old = new Set<string>();
    for (const prefix of [bytesPrefix, digestsPrefix])
      for await (const { name, changedMs } of this.#objects.list(prefix))
        if (changedMs < before) old.add(name.slice(prefix.length));
    return old;
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

/** What a source gives, with what it throws put aside: the client of S3 may throw something of its own in its place. */
async function* kept<T>(source: AsyncIterable<T>, failure: { thrown?: unknown }): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (thrown) {
    failure.thrown = thrown;
    throw thrown;
  }
}

function tooLarge(maxBytes: number): StarlingError {
  return new StarlingError(
    'input-too-large',
    `The file has more than the ${maxBytes} bytes that are allowed. Send a smaller one.`,
    { details: { maxBytes } },
  );
}
