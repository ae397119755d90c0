import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDisk, mount, unmount } from '../durability/small-disk.js';

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
    fill: () => fillDisk(ballast),
    free: () => rm(ballast, { force: true }),
    async remove() {
      unmount(folder);
      await rm(folder, { recursive: true });
    },
  };
}
