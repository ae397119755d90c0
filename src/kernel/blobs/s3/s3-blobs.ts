import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import { WorkInHand } from '../../work-in-hand/index.js';
import type { BlobInfo, Blobs, ByteRange, Sweep, WriteOptions } from '../blobs.js';
import { assertHash, assertOwner, assertRange, damaged, noBlob } from '../names.js';
import { eachAtOnce } from './each-at-once.js';
import { objectBytes } from './object-bytes.js';
import { Objects } from './objects.js';
import { type BlobRecord, BlobRecords } from './records.js';
import type { S3BlobsOptions } from './s3-options.js';
import { type OpenedStore, openStoreRecord } from './store-record.js';
import { brokenOffMs, Uploads } from './uploads.js';

/** So many records are looked at by a sweep at once. */
const sweptAtOnce = 16;

/** Blobs in a bucket: any number of processes may have them open. */
export class S3Blobs implements Blobs {
  readonly adapter = 's3';
  readonly durability = 'Acknowledged by the S3 store, which keeps it as its bucket is set up to.';
  /** Of the store behind it. */
  readonly identity: string;
  readonly #objects: Objects;
  readonly #records: BlobRecords;
  readonly #uploads: Uploads;
  readonly #clock: Clock;
  readonly #removesRecords: boolean;
  readonly #work = new WorkInHand('The blobs were closed. Open them again.');

  private constructor(objects: Objects, store: OpenedStore, { clock, logger }: S3BlobsOptions) {
    this.identity = store.identity;
    this.#objects = objects;
    this.#records = new BlobRecords(objects);
    this.#uploads = new Uploads(objects, logger);
    this.#clock = clock ?? systemClock;
    this.#removesRecords = store.removesOnCondition;
  }

  static async open(options: S3BlobsOptions): Promise<S3Blobs> {
    const { bucket, prefix = '', expected, logger } = options;
    const objects = new Objects(clientOf(options), bucket, prefix);
    try {
      const store = await openStoreRecord(objects, expected);
      if (!store.removesOnCondition)
        logger.warn(
          { bucket },
          'the store has no conditional removal: of each removed blob a small record stays',
        );
      return new S3Blobs(objects, store, options);
    } catch (thrown) {
      objects.close();
      throw thrown;
    }
  }

  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobInfo> {
    return this.#work.do(async () => {
      assertOwner(options.owner);
      const began = this.#clock.now();
      const upload = randomUUID();
      const info = await this.#uploads.receive(upload, source, options);
      // where this fails, its bytes stay: the record may name them, though nobody said so
      const { record } = await this.#records.change(info.hash, (found) =>
        withOwner(found, options.owner, upload, info),
      );
      if (record.upload !== upload) await this.#uploads.discard(upload);
      else if (this.#clock.now() - began > brokenOffMs / 2) await this.#assertNotSwept(upload, info.hash);
      return info;
    });
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const record = await this.#found(hash);
    if (range !== undefined) assertRange(range, record.bytes);
    const why = async () =>
      held((await this.#records.get(hash))?.record)?.upload === record.upload ? damaged(hash) : noBlob(hash);
    return Readable.from(objectBytes(this.#objects, { hash, record, range, why }), { objectMode: false });
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
      // before the records are read: what is written meanwhile is not old
      const unnamed = await this.#uploads.old();
      const found = { removed: 0, bytes: 0 };
      await eachAtOnce(this.#records.hashes(), sweptAtOnce, async (hash) => {
        const { before, removed } = await this.#keep(hash, (owner) => isLive(owner, hash));
        if (before !== undefined) unnamed.delete(before.upload);
        if (!removed || before === undefined) return;
        found.removed += 1;
        found.bytes += before.bytes;
      });
      for (const upload of unnamed) await this.#uploads.remove(upload);
      return found;
    });
  }

  close(): Promise<void> {
    return this.#work.close(() => this.#close());
  }

  async #close(): Promise<void> {
    await this.#work.settled();
    this.#objects.close();
  }

  /** Lets go for all owners but those to keep; says what there was, and whether it was removed by that. */
  async #keep(
    hash: string,
    isKept: (owner: string) => boolean,
  ): Promise<{ readonly before: BlobRecord | undefined; readonly removed: boolean }> {
    const { record, before, tag } = await this.#records.change(hash, (found) => {
      const owners = found?.owners.filter((owner) => isKept(owner)) ?? [];
      return found === undefined || owners.length === found.owners.length ? found : { ...found, owners };
    });
    if (record === undefined || record.owners.length > 0) return { before, removed: false };
    await this.#uploads.remove(record.upload);
    if (this.#removesRecords) await this.#records.remove(hash, tag);
    return { before, removed: held(before) !== undefined };
  }

  /** Throws where a sweep took the bytes for those of a write that was broken off; nobody finds the blob then. */
  async #assertNotSwept(upload: string, hash: string): Promise<void> {
    if (await this.#uploads.isThere(upload)) return;
    await this.#records.change(hash, (found) =>
      found?.upload === upload ? { ...found, owners: [] } : found,
    );
    throw new StarlingError(
      'storage-failed',
      'The writing of a blob took so long that its bytes were removed as those of one that was broken off. Write it again.',
      { details: { hash } },
    );
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

function clientOf({ endpoint, region }: S3BlobsOptions): S3Client {
  const where = endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: 'us-east-1' };
  return new S3Client({
    ...where,
    ...(region === undefined ? {} : { region }),
    // a stream that somebody reads slowly keeps a connection
    requestHandler: {
      connectionTimeout: 5_000,
      httpAgent: { maxSockets: 500 },
      httpsAgent: { maxSockets: 500 },
    },
    // every byte that is read is verified by this adapter
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 6,
  });
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
