import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { Blobs } from '../../src/kernel/blobs/index.js';

const pieceBytes = 100_000;

/** Does something of everything with a blob of so many bytes, and closes the store. */
export async function lifeOfBlob(blobs: Blobs, size: number): Promise<void> {
  const bytes = Buffer.alloc(size, 'of the blob ');
  const hash = createHash('sha256').update(bytes).digest('hex');
  const info = { hash, bytes: size };
  async function* source() {
    for (let start = 0; start < size; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
  }
  try {
    expect(await blobs.write(source(), { owner: 'one' })).toEqual(info);
    await blobs.hold(hash, 'two');
    expect(await blobs.write(source(), { owner: 'three' })).toEqual(info);
    expect(await blobs.owners(hash)).toEqual(['one', 'three', 'two']);
    expect((await buffer(await blobs.read(hash))).equals(bytes)).toBe(true);
    for (const owner of ['one', 'two', 'three']) {
      expect(await blobs.stat(hash)).toEqual(info);
      await blobs.release(hash, owner);
    }
    expect(await blobs.stat(hash)).toBeUndefined();
  } finally {
    await blobs.close();
  }
}
