import { createHash } from 'node:crypto';
import type { ByteRange } from '../blobs.js';
import { inChunks } from '../in-chunks.js';
import { damaged } from '../names.js';
import type { BlobReading } from '../recorded/blob-store.js';
import { verifiedBytes } from '../verified-bytes.js';
import { bytesName, chunkBytes, digestsName } from './layout.js';
import type { Objects } from './objects.js';

/** Bytes of a SHA-256. */
const digestBytes = 32;

/** The bytes of a blob. Throws `blob-damaged` before the end, and `not-found` where it is removed meanwhile. */
export function objectBytes(objects: Objects, reading: BlobReading): AsyncGenerator<Buffer> {
  const { range } = reading;
  return range === undefined ? whole(objects, reading) : part(objects, reading, range);
}

async function* whole(objects: Objects, { hash, record, why }: BlobReading): AsyncGenerator<Buffer> {
  const pieces = await objects.stream(bytesName(record.upload));
  if (pieces === undefined) throw await why();
  yield* verifiedBytes(pieces, hash);
}

/** A range, from chunks that were each found to be what was written. */
async function* part(objects: Objects, reading: BlobReading, range: ByteRange): AsyncGenerator<Buffer> {
  const { hash, record, why } = reading;
  if (range.start === range.end) return;
  const first = Math.floor(range.start / chunkBytes);
  const end = Math.ceil(range.end / chunkBytes);
  const digests = await digestsOf(objects, reading, { start: first, end });
  const within = { start: first * chunkBytes, end: Math.min(end * chunkBytes, record.bytes) };
  const pieces = await objects.stream(bytesName(record.upload), within);
  if (pieces === undefined) throw await why();
  let at = within.start;
  for await (const chunk of inChunks(pieces, chunkBytes)) {
    const place = ((at - within.start) / chunkBytes) * digestBytes;
    const isSound = createHash('sha256')
      .update(chunk)
      .digest()
      .equals(digests.subarray(place, place + digestBytes));
    if (!isSound) throw damaged(hash);
    yield chunk.subarray(Math.max(0, range.start - at), Math.min(chunk.length, range.end - at));
    at += chunk.length;
  }
  if (at !== within.end) throw damaged(hash);
}

/** The digests of some chunks, one after the other. What is one chunk has its hash for it. */
async function digestsOf(
  objects: Objects,
  { hash, record, why }: BlobReading,
  chunks: ByteRange,
): Promise<Buffer> {
  if (record.bytes <= chunkBytes) return Buffer.from(hash, 'hex');
  const range = { start: chunks.start * digestBytes, end: chunks.end * digestBytes };
  const pieces = await objects.stream(digestsName(record.upload), range);
  if (pieces === undefined) throw await why();
  const read: Buffer[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}
