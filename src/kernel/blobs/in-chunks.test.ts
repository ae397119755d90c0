import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inChunks } from './in-chunks.js';

it('Pieces are of one size, and together what was given', async () => {
  const given = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(given, fc.integer({ min: 1, max: 16 }), async (parts, size) => {
      async function* source() {
        yield* parts;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of inChunks(source(), size)) chunks.push(chunk);
      expect(Buffer.concat(chunks)).toEqual(Buffer.concat(parts));
      expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
      expect(chunks.every(({ length }) => length > 0 && length <= size)).toBe(true);
    }),
  );
});
