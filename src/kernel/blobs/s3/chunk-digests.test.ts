import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChunkDigests } from './chunk-digests.js';
import { chunkBytes } from './layout.js';

it('Digests are of chunks of one size, however the bytes come', () => {
  const content = randomBytes(chunkBytes * 3);
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const cuts = fc.array(fc.nat(content.length), { maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(content.length), cuts, (length, places) => {
      const bytes = content.subarray(0, length);
      const digests = new ChunkDigests();
      let from = 0;
      for (const to of [...places.filter((place) => place <= length), length].sort((a, b) => a - b)) {
        digests.add(bytes.subarray(from, to));
        from = to;
      }
      const chunks: Buffer[] = [];
      for (let at = 0; at < length; at += chunkBytes)
        chunks.push(sha256(bytes.subarray(at, at + chunkBytes)));
      expect(digests.bytes).toBe(length);
      expect(digests.end()).toEqual(Buffer.concat(chunks));
    }),
    { numRuns: 20 },
  );
});
