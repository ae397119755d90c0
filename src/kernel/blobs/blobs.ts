import type { Readable } from 'node:stream';

/**
 * The `blobs` port: bytes under the SHA-256 of their content.
 *
 * Promises that every adapter keeps (`conformance.ts` tests them):
 * - A blob is there whole or not at all, and on disk when `write` resolves; equal bytes are stored once.
 * - What is read is what was written: bytes that changed on the way are never the end of a read without `blob-damaged`.
 * - A blob stays while somebody holds it, and is removed with the last who lets go.
 * - Bytes are streamed both ways, with back-pressure, and never whole in memory.
 */

/** What is known of a blob without reading it. */
export interface BlobInfo {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  readonly hash: string;
  readonly bytes: number;
}

export interface WriteOptions {
  /** Who holds the blob from the beginning, as in `tasks/ID/original`; 1 to 500 characters. */
  readonly owner: string;
  /** More bytes are refused with `input-too-large`, as soon as they come. Default: no limit. */
  readonly maxBytes?: number;
  /** Stops the writing; nothing is left of it. */
  readonly signal?: AbortSignal;
}

/** Bytes `start` (from 0) up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a sweep found. */
export interface Sweep {
  readonly removed: number;
  readonly bytes: number;
}

export interface Blobs {
  readonly adapter: string;
  /** When written bytes are safe, in a sentence. */
  readonly durability: string;
  /** Stores what `source` gives. Throws `input-too-large`, `storage-full`, `storage-failed`, and what the source throws. */
  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobInfo>;
  /**
   * The bytes, or a range of them. Throws `not-found`, and `input-invalid` for a range that is not within. The stream
   * fails with `blob-damaged` before its end where the content is not what was written.
   */
  read(hash: string, range?: ByteRange): Promise<Readable>;
  /** Undefined where there is no such blob. */
  stat(hash: string): Promise<BlobInfo | undefined>;
  /** One more who needs the blob; without effect where it is held by that owner. Throws `not-found`. */
  hold(hash: string, owner: string): Promise<void>;
  /** Lets go; the last one removes the blob. Without effect where the owner does not hold it. */
  release(hash: string, owner: string): Promise<void>;
  /** Who holds a blob, sorted. */
  owners(hash: string): Promise<readonly string[]>;
  /** Lets go for every owner that is not live any more, and removes what nobody holds. */
  sweep(isLive: (owner: string, hash: string) => boolean): Promise<Sweep>;
  /** Finishes what is being written. Calls after it throw `shutting-down`. */
  close(): Promise<void>;
}
