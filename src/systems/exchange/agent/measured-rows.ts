import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RowsThatLeft } from './order-entries.js';

/** Hands `rows` to `take`, and resolves when they were taken whole to how much that was. */
export async function measuredRows(
  rows: Readable,
  take: (rows: Readable) => Promise<void>,
): Promise<RowsThatLeft> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await Promise.all([pipeline(rows, measure), take(measure)]);
  return { bytes, hash: hash.digest('base64url') };
}
