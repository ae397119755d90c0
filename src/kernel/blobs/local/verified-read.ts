import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { damaged } from '../names.js';

/**
 * The bytes of a file, the last part of them only once the hash of all was found to be right; before it the stream
 * fails with `blob-damaged`.
 */
export function verifiedRead(path: string, hash: string): Readable {
  return Readable.from(verified(path, hash), { objectMode: false });
}

async function* verified(path: string, hash: string): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  let held: Buffer | undefined;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (digest.digest('hex') !== hash) throw damaged(hash);
  if (held !== undefined) yield held;
}

/** Reads a file whole, to find out whether it is what its hash says. */
export async function isSound(path: string, hash: string): Promise<boolean> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) digest.update(chunk);
  return digest.digest('hex') === hash;
}
