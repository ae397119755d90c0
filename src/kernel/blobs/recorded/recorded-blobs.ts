import { Readable } from 'node:stream';
import { StarlingError } from '../../errors/index.js';
import { WorkInHand } from '../../work-in-hand/index.js';
import type { BlobInfo, Blobs, ByteRange, Sweep, WriteOptions } from '../blobs.js';
import { IncomingBytes } from '../incoming-bytes.js';
import { assertHash, assertOwner, assertRange, damaged, noBlob } from '../names.js';
import { type BlobRecord, held, keepOwners, withOwner } from './blob-record.js';
import { BlobRecords } from './blob-records.js';
import type { BlobStore, BlobUpload } from './blob-store.js';
import { eachAtOnce } from './each-at-once.js';

/** So many records are looked at by a sweep at once. */
const sweptAtOnce = 16;

/** Blobs of one store: any number of processes may have them open. */
export class RecordedBlobs implements Blobs {
  readonly adapter: string;
  readonly durability: string;
  /** Of the store behind it. */
  readonly identity: string;
  readonly #store: BlobStore;
  readonly #records: BlobRecords;
  readonly #work = new WorkInHand('The blobs were closed. Open them again.');

  constructor(store: BlobStore) {
    this.adapter = store.adapter;
    this.durability = store.durability;
    this.identity = store.identity;
    this.#store = store;
    this.#records = new BlobRecords(store.records);
  }

  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobInfo> {
    return this.#work.do(async () => {
      assertOwner(options.owner);
      const upload = await this.#store.uploads.begin();
      const info = await this.#receive(upload, source, options);
      const made = { bytes: info.bytes, upload: upload.id, owners: [options.owner] };
      const record = await this.#name(upload, info.hash, (found) => {
        const there = held(found);
        return there === undefined ? made : withOwner(there, options.owner);
      });
      if (record.upload !== upload.id) await this.#discard(upload);
      else if (!(await upload.finish())) throw await this.#tooSlow(upload, info.hash);
      return info;
    });
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const record = await this.#found(hash);
    if (range !== undefined) assertRange(range, record.bytes);
    const why = async () =>
      held(await this.#records.get(hash))?.upload === record.upload ? damaged(hash) : noBlob(hash);
    return Readable.from(this.#store.read({ hash, record, range, why }), { objectMode: false });
  }

  async stat(hash: string): Promise<BlobInfo | undefined> {
    return this.#work.do(async () => {
      assertHash(hash);
      const record = held(await this.#records.get(hash));
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
        return withOwner(record, owner);
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
      return [...((await this.#records.get(hash))?.owners ?? [])].sort();
    });
  }

  sweep(isLive: (owner: string, hash: string) => boolean): Promise<Sweep> {
    return this.#work.do(async () => {
      const { uploads } = this.#store;
      // before the records are read: what is written meanwhile was not broken off by then
      const unnamed = await uploads.brokenOff();
      const swept = { removed: 0, bytes: 0 };
      await eachAtOnce(this.#records.hashes(), sweptAtOnce, async (hash) => {
        const { before, isRemoved } = await this.#keep(hash, (owner) => isLive(owner, hash));
        if (before !== undefined) unnamed.delete(before.upload);
        if (before === undefined || !isRemoved) return;
        swept.removed += 1;
        swept.bytes += before.bytes;
      });
      for (const upload of unnamed) await uploads.remove(upload);
      return swept;
    });
  }

  close(): Promise<void> {
    return this.#work.close(() => this.#close());
  }

  async #close(): Promise<void> {
    await this.#work.settled();
    await this.#store.close();
  }

  /** Nothing is left of what does not come whole. */
  async #receive(
    upload: BlobUpload,
    source: AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<BlobInfo> {
    const bytes = new IncomingBytes(source, options);
    try {
      await upload.write(bytes);
      options.signal?.throwIfAborted();
      return bytes.info();
    } catch (thrown) {
      await this.#discard(upload);
      throw thrown;
    }
  }

  /** Changes the record. Where that fails the bytes stay: the record may name them, and others may hold it by now. */
  async #name(
    upload: BlobUpload,
    hash: string,
    next: (found: BlobRecord | undefined) => BlobRecord,
  ): Promise<BlobRecord> {
    try {
      return (await this.#records.change(hash, next)).record;
    } catch (thrown) {
      upload.leave();
      throw thrown;
    }
  }

  async #discard(upload: BlobUpload): Promise<void> {
    try {
      await upload.discard();
    } catch (error) {
      this.#store.logger.warn(
        { upload: upload.id, err: error },
        'bytes of a blob that nobody names are left to a sweep',
      );
    }
  }

  /** A sweep took the bytes for those of a write that was broken off: nobody finds the blob then. */
  async #tooSlow({ id }: BlobUpload, hash: string): Promise<StarlingError> {
    await this.#records.change(hash, (found) => (found?.upload === id ? { ...found, owners: [] } : found));
    return new StarlingError(
      'storage-failed',
      'The writing of a blob took so long that its bytes were removed as those of one that was broken off. Write it again.',
      { details: { hash } },
    );
  }

  /** Lets go for all owners but those to keep; says what there was, and whether it was removed by that. */
  async #keep(
    hash: string,
    isKept: (owner: string) => boolean,
  ): Promise<{ readonly before: BlobRecord | undefined; readonly isRemoved: boolean }> {
    const { record, before, version } = await this.#records.change(hash, (found) =>
      keepOwners(found, isKept),
    );
    if (record === undefined || record.owners.length > 0) return { before, isRemoved: false };
    await this.#store.uploads.remove(record.upload);
    await this.#records.remove(hash, version);
    return { before, isRemoved: held(before) !== undefined };
  }

  async #found(hash: string): Promise<BlobRecord> {
    return this.#work.do(async () => {
      assertHash(hash);
      const record = held(await this.#records.get(hash));
      if (record === undefined) throw noBlob(hash);
      return record;
    });
  }
}
