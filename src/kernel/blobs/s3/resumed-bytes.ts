import type { ByteRange } from '../blobs.js';

/** How often in a row an answer may break off without a byte. */
const mostBreaks = 3;

/**
 * The bytes of a range, of which the first answer is there. Where one breaks off, `ask` is asked for the rest: the client of S3 asks
 * again only until an answer begins. Throws what the last answer broke off with, and what `ask` throws.
 */
export async function* resumedBytes(
  first: AsyncIterable<Buffer>,
  { start, end }: ByteRange,
  ask: (rest: ByteRange) => Promise<AsyncIterable<Buffer>>,
): AsyncGenerator<Buffer> {
  let at = start;
  let breaks = 0;
  for (let answer = first; ; answer = await ask({ start: at, end })) {
    try {
      for await (const piece of answer) {
        at += piece.length;
        breaks = 0;
        yield piece;
      }
      return;
    } catch (thrown) {
      breaks += 1;
      if (at >= end) return;
      if (breaks > mostBreaks) throw thrown;
    }
  }
}
