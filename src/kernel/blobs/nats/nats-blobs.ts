import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { nuid } from '@nats-io/transport-node';
import { z } from 'zod';
import { StarlingError } from '../../errors/index.js';
import { connectNats, type Nats, type NatsOptions, openStream, readDescription } from '../../nats/index.js';
import { WorkInHand } from '../../work-in-hand/index.js';
import type { BlobInfo, Blobs, ByteRange, Sweep, WriteOptions } from '../blobs.js';
import { inChunks } from '../in-chunks.js';
import { untilAborted } from '../local/until-aborted.js';
import { assertHash, assertOwner, assertRange, damaged, noBlob } from '../names.js';
import { blobBytes } from './blob-bytes.js';
import { Chunks } from './chunks.js';
import { blobNames, blobStreams, chunkBytes } from './layout.js';
import { type BlobRecord, BlobRecords } from './records.js';
import { Uploads } from './uploads.js';

/** Blobs of one store in NATS: any number of processes may have them open. */
export class NatsBlobs implements Blobs {
  readonly adapter = 'nats';
  readonly durability: string;
  /** Of the store behind it. */
  readonly identity: string;
  readonly #nats: Nats;
  readonly #chunks: Chunks;
  readonly #records: BlobRecords;
  readonly #uploads: Uploads;
  readonly #work = new WorkInHand('The blobs were closed. Open them again.');

  private constructor(nats: Nats) {
    const names = blobNames(nats.prefix);
    this.#nats = nats;
    this.durability = nats.durability;
    this.identity = nats.identity;
    this.#chunks = new Chunks(nats, names);
    this.#records = new BlobRecords(nats, names);
    this.#uploads = new Uploads(nats, names);
  }

  static async open(options: NatsOptions): Promise<NatsBlobs> {
    const nats = await connectNats(options);
    try {
      const [chunks, records] = await nats.ask('The blobs in NATS could not be opened', () =>
        Promise.all(blobStreams(nats.prefix, nats).map((stream) => openStream(nats.manager, stream))),
      );
      if (chunks !== undefined)
        readDescription('blobs', chunks.config, z.object({ chunkBytes: z.literal(chunkBytes) }));
      if (records !== undefined) readDescription('blob-records', records.config, z.object({}));
      return new NatsBlobs(nats);
    } catch (thrown) {
      await nats.close();
      throw thrown;
    }
  }

  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobInfo> {
    return this.#work.do(async () => {
      assertOwner(options.owner);
      const id = nuid.next();
      const upload = await this.#uploads.begin(id);
      let isKept = false;
      try {
        const info = await this.#receive(id, source, options);
        const { record } = await this.#records.change(info.hash, (found) =>
          withOwner(found, options.owner, id, info),
        );
        isKept = record.upload === id;
        if (!isKept || (await upload.finish())) return info;
        // a sweep saw nothing of this upload for long, and removed its bytes
        isKept = false;
        await this.#records.change(info.hash, (found) =>
          found?.upload === id ? { ...found, owners: [] } : found,
        );
        throw new StarlingError(
          'storage-failed',
          'The writing of a blob took so long between two signs of life that its bytes were removed. Write it again.',
        );
      } finally {
        if (!isKept) {
          await this.#chunks.remove(id);
          await upload.finish();
        }
      }
    });
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const record = await this.#found(hash);
    if (range !== undefined) assertRange(range, record.bytes);
    const why = async () =>
      held((await this.#records.get(hash))?.record) === undefined ? noBlob(hash) : damaged(hash);
    return Readable.from(blobBytes(this.#chunks, { hash, record, range, why }), { objectMode: false });
  }

  async stat(hash: string): Promise<BlobInfo | undefined> {
    return this.#work.do(async () => {
      assertHash(hash);
      const record = held((await this.#records.get(hash))?.record);
      return record && { hash, bytes: record.bytes };
    });
  }

  hold(hash: string, owner: string): Promise<void> {
    return this.#work.do(async () => {
      assertHash(hash);
      assertOwner(owner);
      await this.#records.change(hash, (found) => {
        const record = held(found);
        if (record === undefined) throw noBlob(hash);
        return record.owners.includes(owner) ? record : { ...record, owners: [...record.owners, owner] };
      });
    });
  }

  release(hash: string, owner: string): Promise<void> {
    return this.#work.do(async () => {
      assertHash(hash);
      await this.#keep(hash, (one) => one !== owner);
    });
  }

  async owners(hash: string): Promise<readonly string[]> {
    return this.#work.do(async () => {
      assertHash(hash);
      return [...((await this.#records.get(hash))?.record.owners ?? [])].sort();
    });
  }

  sweep(isLive: (owner: string, hash: string) => boolean): Promise<Sweep> {
    return this.#work.do(async () => {
      // before the records are read: one that is written later has its upload ended by itself
      const stale = new Set(await this.#uploads.endStale());
      let removed = 0;
      let bytes = 0;
      for (const hash of await this.#records.hashes()) {
        const found = (await this.#records.get(hash))?.record;
        if (found === undefined) continue;
        stale.delete(found.upload);
        if (!(await this.#keep(hash, (owner) => isLive(owner, hash)))) continue;
        removed += 1;
        bytes += found.bytes;
      }
      for (const upload of stale) await this.#chunks.remove(upload);
      return { removed, bytes };
    });
  }

  close(): Promise<void> {
    return this.#work.close(() => this.#close());
  }

  async #close(): Promise<void> {
    await this.#work.settled();
    await this.#nats.close();
  }

  async #receive(
    upload: string,
    source: AsyncIterable<Uint8Array>,
    { maxBytes = Infinity, signal }: WriteOptions,
  ): Promise<BlobInfo> {
    const digest = createHash('sha256');
    let bytes = 0;
    async function* counted() {
      for await (const part of untilAborted(source, signal)) {
        bytes += part.byteLength;
        if (bytes > maxBytes)
          throw new StarlingError(
            'input-too-large',
            `The file has more than the ${maxBytes} bytes that are allowed. Send a smaller one.`,
            { details: { maxBytes } },
          );
        digest.update(part);
        yield part;
      }
    }
    await this.#chunks.write(upload, inChunks(counted(), chunkBytes));
    signal?.throwIfAborted();
    return { hash: digest.digest('hex'), bytes };
  }

  /** Lets go for all owners but those to keep. True where none is left, and the blob was removed. */
  async #keep(hash: string, isKept: (owner: string) => boolean): Promise<boolean> {
    const { record, place } = await this.#records.change(hash, (found) => {
      const owners = found?.owners.filter((owner) => isKept(owner)) ?? [];
      return found === undefined || owners.length === found.owners.length ? found : { ...found, owners };
    });
    if (record === undefined || record.owners.length > 0) return false;
    await this.#chunks.remove(record.upload);
    await this.#records.remove(place);
    return true;
  }

  async #found(hash: string): Promise<BlobRecord> {
    return this.#work.do(async () => {
      assertHash(hash);
      const record = held((await this.#records.get(hash))?.record);
      if (record === undefined) throw noBlob(hash);
      return record;
    });
  }
}

/** A record that somebody holds. */
function held(record: BlobRecord | undefined): BlobRecord | undefined {
  return record === undefined || record.owners.length === 0 ? undefined : record;
}

/** The record with one owner more; of the upload where there is none that anybody holds. */
function withOwner(
  found: BlobRecord | undefined,
  owner: string,
  upload: string,
  { bytes }: BlobInfo,
): BlobRecord {
  const record = held(found);
  if (record === undefined) return { bytes, upload, owners: [owner] };
  return record.owners.includes(owner) ? record : { ...record, owners: [...record.owners, owner] };
}
