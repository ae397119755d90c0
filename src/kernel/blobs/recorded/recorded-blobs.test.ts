import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../errors/expect-error.js';
import { StarlingError } from '../../errors/index.js';
import { describeBlobs } from '../conformance.js';
import { verifiedBytes } from '../verified-bytes.js';
import type { BlobRecord } from './blob-record.js';
import type { RecordStore } from './blob-records.js';
import type { BlobReading, BlobStore, BlobUpload, BlobUploads } from './blob-store.js';
import { RecordedBlobs } from './recorded-blobs.js';

const away = () => new StarlingError('storage-unavailable', 'The store does not answer. Try again.');

/** A store in memory, which can be made to fail. */
class MemoryStore implements BlobStore {
  readonly adapter = 'memory';
  readonly durability = 'Gone with the process.';
  readonly identity = 'one';
  readonly bytes = new Map<string, Buffer>();
  readonly stored = new Map<string, { readonly text: string; readonly version: string }>();
  readonly warnings: string[] = [];
  readonly logger = { warn: (_: unknown, message: string) => this.warnings.push(message) };
  /** The next record is written, and nobody is told. */
  losesAnswer = false;
  /** Nothing can be removed. */
  removesNothing = false;
  /** A sweep takes every upload for broken off. */
  breaksOff = false;
  readonly left: string[] = [];
  #count = 0;

  readonly records: RecordStore = {
    read: async (hash) => this.stored.get(hash),
    write: async (hash: string, record: BlobRecord, version: string | undefined) => {
      if (this.stored.get(hash)?.version !== version) return undefined;
      const next = String(++this.#count);
      this.stored.set(hash, { text: JSON.stringify(record), version: next });
      if (this.losesAnswer) {
        this.losesAnswer = false;
        throw away();
      }
      return next;
    },
    remove: async (hash, version) => {
      if (this.stored.get(hash)?.version === version) this.stored.delete(hash);
    },
    hashes: () => each([...this.stored.keys()]),
  };

  readonly uploads: BlobUploads = {
    begin: async () => this.#begin(`upload-${++this.#count}`),
    remove: async (upload) => this.#remove(upload),
    brokenOff: async () => new Set(),
  };

  async *read({ hash, record, range, why }: BlobReading): AsyncGenerator<Buffer> {
    const bytes = this.bytes.get(record.upload);
    if (bytes === undefined) throw await why();
    if (range === undefined) yield* verifiedBytes(each([bytes]), hash);
    else yield bytes.subarray(range.start, range.end);
  }

  async close(): Promise<void> {}

  #begin(id: string): BlobUpload {
    return {
      id,
      write: async (given) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of given) pieces.push(piece);
        this.bytes.set(id, Buffer.concat(pieces));
      },
      finish: async () => !this.breaksOff || !this.bytes.delete(id),
      discard: async () => this.#remove(id),
      leave: () => this.left.push(id),
    };
  }

  #remove(upload: string): void {
    if (this.removesNothing) throw away();
    this.bytes.delete(upload);
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const bytesOf = (text: string) => each([Buffer.from(text)]);

async function textOf(blobs: RecordedBlobs, hash: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await blobs.read(hash)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const stores = new WeakMap<object, MemoryStore>();

function openOn(store: MemoryStore): RecordedBlobs {
  const blobs = new RecordedBlobs(store);
  stores.set(blobs, store);
  return blobs;
}

describeBlobs('records and bytes in memory', {
  open: async () => openOn(new MemoryStore()),
  reopen: async (blobs) => openOn(stores.get(blobs) ?? new MemoryStore()),
  dispose: (blobs) => blobs.close(),
});

const hash = createHash('sha256').update('content').digest('hex');

describe('the writing of a blob', () => {
  it('whose record was written, and not acknowledged, leaves its bytes to who holds it by then', async () => {
    const store = new MemoryStore();
    const blobs = new RecordedBlobs(store);
    store.losesAnswer = true;
    await expectError(blobs.write(bytesOf('content'), { owner: 'one' }), 'storage-unavailable');
    expect(store.left).toHaveLength(1);
    await blobs.write(bytesOf('content'), { owner: 'two' });
    expect(await textOf(blobs, hash)).toBe('content');
    expect(store.bytes.size).toBe(1);
  });

  it('is done though bytes that nobody needs could not be removed, and says so', async () => {
    const store = new MemoryStore();
    const blobs = new RecordedBlobs(store);
    await blobs.write(bytesOf('content'), { owner: 'one' });
    store.removesNothing = true;
    await blobs.write(bytesOf('content'), { owner: 'two' });
    expect(await blobs.owners(hash)).toEqual(['one', 'two']);
    expect(store.warnings).toEqual(['bytes of a blob that nobody names are left to a sweep']);
  });

  it('that took so long that a sweep removed its bytes is not acknowledged', async () => {
    const store = new MemoryStore();
    const blobs = new RecordedBlobs(store);
    store.breaksOff = true;
    await expectError(blobs.write(bytesOf('content'), { owner: 'one' }), 'storage-failed');
    expect(await blobs.stat(hash)).toBeUndefined();
  });
});
