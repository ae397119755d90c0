import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type Blobs, openLocalBlobs } from '../../src/kernel/blobs/index.js';
import { StarlingError } from '../../src/kernel/errors/index.js';
import { whyNoSmallDisk, withSmallDisk } from './small-disk.js';

const problem = await whyNoSmallDisk('the blobs');

async function* piecesOf(fill: number, pieces = 2): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < pieces; piece += 1) yield Buffer.alloc(32 * 1024, fill);
}

/** Writes until the disk is full; the hashes that were acknowledged. */
async function fill(blobs: Blobs): Promise<string[]> {
  for (const hashes: string[] = []; ; ) {
    try {
      const { hash } = await blobs.write(piecesOf(hashes.length), { owner: `t/${hashes.length}` });
      hashes.push(hash);
    } catch (thrown) {
      if (!(thrown instanceof StarlingError)) throw thrown;
      expect(thrown.code).toBe('storage-full');
      return hashes;
    }
  }
}

describe.skipIf(problem !== undefined)('local blobs on a full disk', () => {
  it('refuse what comes and leave nothing of it, give what they have, and go on once there is space', async () => {
    await withSmallDisk(async (disk) => {
      const ballast = join(disk, 'ballast');
      await writeFile(ballast, Buffer.alloc(512 * 1024));
      const folder = join(disk, 'blobs');
      const blobs = await openLocalBlobs({ folder });
      const hashes = await fill(blobs);
      expect(hashes.length).toBeGreaterThan(2);
      expect(await readdir(join(folder, 'incoming'))).toEqual([]);
      for (const [index, hash] of hashes.entries())
        expect((await buffer(await blobs.read(hash)))[0]).toBe(index);

      await rm(ballast);
      const { hash, bytes } = await blobs.write(piecesOf(250, 4), { owner: 'after' });
      expect(bytes).toBe(4 * 32 * 1024);
      await blobs.close();
      const again = await openLocalBlobs({ folder });
      expect(await again.owners(hash)).toEqual(['after']);
      expect(await buffer(await again.read(hash))).toHaveLength(bytes);
      await again.close();
    });
  });
});
