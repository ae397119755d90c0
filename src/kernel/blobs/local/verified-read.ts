import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { fileDigest } from '../../durable-file/index.js';
import { verifiedBytes } from '../verified-bytes.js';

/** The bytes of a file. Before its end the stream fails with `blob-damaged` where they are not those of the hash. */
export function verifiedRead(path: string, hash: string): Readable {
  const pieces: AsyncIterable<Buffer> = createReadStream(path);
  return Readable.from(verifiedBytes(pieces, hash), { objectMode: false });
}

/** Reads a file whole, to find out whether it is what its hash says. */
export async function isSound(path: string, hash: string): Promise<boolean> {
  return (await fileDigest(path)).sha256 === hash;
}
