import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Blobs } from '../blobs.js';
import { describeBlobs } from '../conformance.js';
import { openLocalBlobs } from './local-blobs.js';

const folders = new Map<Blobs, string>();

async function openIn(folder: string): Promise<Blobs> {
  const blobs = await openLocalBlobs({ folder });
  folders.set(blobs, folder);
  return blobs;
}

const newFolder = () => mkdtemp(join(tmpdir(), 'starling-blobs-'));

describeBlobs('local', {
  open: async () => openIn(await newFolder()),
  reopen: async (blobs) => {
    await blobs.close();
    return openIn(folders.get(blobs) ?? '');
  },
  dispose: async (blobs) => {
    await blobs.close();
    await rm(folders.get(blobs) ?? '', { recursive: true, force: true });
  },
  damage: async (blobs, hash) => {
    const file = await open(join(folders.get(blobs) ?? '', 'files', hash.slice(0, 2), hash), 'r+');
    await file.write(Buffer.from('not this'), 0, 8, 1000);
    await file.close();
  },
});

describe('a folder of blobs whose process was killed', () => {
  it('has no half-written file when it is opened again, and sweeps what nobody holds', async () => {
    const folder = await newFolder();
    const unheld = 'e'.repeat(64);
    await mkdir(join(folder, 'incoming'), { recursive: true });
    await mkdir(join(folder, 'files', 'ee'), { recursive: true });
    await writeFile(join(folder, 'incoming', 'half'), 'half');
    await writeFile(join(folder, 'files', 'ee', unheld), 'nobody');
    const blobs = await openLocalBlobs({ folder });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    expect(await blobs.sweep(() => true)).toEqual({ removed: 1, bytes: 6 });
    expect(await blobs.stat(unheld)).toBeUndefined();
    await blobs.close();
    await rm(folder, { recursive: true });
  });

  it('is of one process', async () => {
    const folder = await newFolder();
    const blobs = await openLocalBlobs({ folder });
    await expect(openLocalBlobs({ folder })).rejects.toMatchObject({ code: 'folder-in-use' });
    await blobs.close();
    await rm(folder, { recursive: true });
  });
});
