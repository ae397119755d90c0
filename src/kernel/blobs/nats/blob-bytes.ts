import type { StarlingError } from '../../errors/index.js';
import type { ByteRange } from '../blobs.js';
import type { BlobReading } from '../recorded/blob-store.js';
import { verifiedBytes } from '../verified-bytes.js';
import type { Chunks } from './chunks.js';
import { chunkBytes } from './layout.js';

/** The bytes of a blob. Throws `blob-damaged` before the end, and `not-found` where it is removed meanwhile. */
export function blobBytes(chunks: Chunks, reading: BlobReading): AsyncGenerator<Buffer> {
  const { hash, record, range, why } = reading;
  if (range !== undefined) return part(chunks, reading, range);
  const all = chunks.read(record.upload, 0, Math.ceil(record.bytes / chunkBytes));
  return verifiedBytes(found(all, why), hash);
}

/** A range, from chunks that were each found to be what was written. */
async function* part(chunks: Chunks, { record, why }: BlobReading, range: ByteRange): AsyncGenerator<Buffer> {
  const { start, end } = range;
  if (start === end) return;
  const first = Math.floor(start / chunkBytes);
  let at = first * chunkBytes;
  for await (const chunk of found(chunks.read(record.upload, first, Math.ceil(end / chunkBytes)), why)) {
    yield chunk.subarray(Math.max(0, start - at), Math.min(chunk.length, end - at));
    at += chunkBytes;
  }
}

async function* found(
  chunks: AsyncIterable<Buffer | undefined>,
  why: () => Promise<StarlingError>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (chunk === undefined) throw await why();
    yield chunk;
  }
}
