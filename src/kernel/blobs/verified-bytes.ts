import { createHash } from 'node:crypto';
import { damaged } from './names.js';

/** The pieces of a blob, the last of them only once the hash of all was found to be right. Throws `blob-damaged` before it. */
export async function* verifiedBytes(pieces: AsyncIterable<Buffer>, hash: string): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  let kept: Buffer | undefined;
  for await (const piece of pieces) {
    digest.update(piece);
    if (kept !== undefined) yield kept;
    kept = piece;
  }
  if (digest.digest('hex') !== hash) throw damaged(hash);
  if (kept !== undefined) yield kept;
}
