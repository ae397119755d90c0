import { createHash } from 'node:crypto';
import type { StarlingError } from '../../errors/index.js';
import type { ByteRange } from '../blobs.js';
import { damaged } from '../names.js';
import type { Chunks } from './chunks.js';
import { chunkBytes } from './layout.js';
import type { BlobRecord } from './records.js';

/** What is read of a blob. */
export interface Reading {
  readonly hash: string;
  readonly record: BlobRecord;
  /** Default: all of it. */
  readonly range: ByteRange | undefined;
  /** Why a chunk is not there: the blob was removed while it was read, or is damaged. */
  readonly why: () => Promise<StarlingError>;
}

/** The bytes of a blob. Throws `blob-damaged` before the end, and `not-found` where it is removed meanwhile. */
export function blobBytes(chunks: Chunks, reading: Reading): AsyncGenerator<Buffer> {
  const { range } = reading;
  return range === undefined ? whole(chunks, reading) : part(chunks, reading, range);
}

/** All bytes, the last of them only once the hash of all was found to be right. */
async function* whole(chunks: Chunks, { hash, record, why }: Reading): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  let kept: Buffer | undefined;
  for await (const chunk of chunks.read(record.upload, 0, Math.ceil(record.bytes / chunkBytes))) {
    if (chunk === undefined) throw await why();
    digest.update(chunk);
    if (kept !== undefined) yield kept;
    kept = chunk;
  }
  if (digest.digest('hex') !== hash) throw damaged(hash);
  if (kept !== undefined) yield kept;
}

/** A range, from chunks that were each found to be what was written. */
async function* part(chunks: Chunks, { record, why }: Reading, range: ByteRange): AsyncGenerator<Buffer> {
  const { start, end } = range;
  if (start === end) return;
  const first = Math.floor(start / chunkBytes);
  let at = first * chunkBytes;
  for await (const chunk of chunks.read(record.upload, first, Math.ceil(end / chunkBytes))) {
    if (chunk === undefined) throw await why();
    yield chunk.subarray(Math.max(0, start - at), Math.min(chunk.length, end - at));
    at += chunkBytes;
  }
}
