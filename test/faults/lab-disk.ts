import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mount, unmount } from '../durability/small-disk.js';

const megabyte = 2 ** 20;

/** A disk of its own, that can be filled to its last byte. */
export interface LabDisk {
  readonly folder: string;
  fill(): Promise<void>;
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** Mounts a disk of so many megabytes, in memory; a reason instead where none can be mounted. */
export async function openDisk(megabytes: number): Promise<LabDisk | string> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-disk-'));
  const problem = process.platform === 'linux' ? mount(folder, megabytes) : 'it needs Linux';
  if (problem !== undefined) {
    await rm(folder, { recursive: true });
    return `no disk can be mounted: ${problem}`;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => fill(ballast),
    free: () => rm(ballast, { force: true }),
    async remove() {
      unmount(folder);
      await rm(folder, { recursive: true });
    },
  };
}

/** Writes until there is no space, by smaller and smaller pieces. */
async function fill(ballast: string): Promise<void> {
  const file = await open(ballast, 'a');
  try {
    for (let size = megabyte; size >= 4_096; ) {
      try {
        const { bytesWritten } = await file.write(Buffer.alloc(size));
        if (bytesWritten < size) size /= 2;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        size /= 2;
      }
    }
  } finally {
    await file.close();
  }
}
