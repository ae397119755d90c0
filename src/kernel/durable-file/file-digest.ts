import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256, hexadecimal, and length of a file, read as a stream. Throws the system's error where it cannot be read. */
export async function fileDigest(file: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const chunks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: 1024 * 1024 });
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
