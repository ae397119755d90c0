import { spawnSync } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolder } from './child.js';

/** Why no disk can be mounted here; undefined where one can. Said on the console, for what is skipped. */
export async function whyNoSmallDisk(what: string): Promise<string | undefined> {
  let problem: string | undefined = 'it needs Linux';
  if (process.platform === 'linux') {
    await withFolder(async (folder) => {
      problem = mount(folder);
      if (problem === undefined) unmount(folder);
    });
  }
  if (problem !== undefined)
    console.warn(`skipped: ${what} on a full disk, because none can be mounted (${problem})`);
  return problem;
}

/** Runs `use` with a folder on a disk of so many MiB. */
export async function withSmallDisk(use: (folder: string) => Promise<void>, size = 2): Promise<void> {
  await withFolder(async (root) => {
    const disk = join(root, 'disk');
    await mkdir(disk);
    const problem = mount(disk, size);
    if (problem !== undefined) throw new Error(`The disk of the test was not mounted: ${problem}`);
    try {
      await use(disk);
    } finally {
      unmount(disk);
    }
  });
}

/** Mounts a disk of so many megabytes, in memory, on a folder; tells why where that cannot be. */
export function mount(folder: string, size = 2): string | undefined {
  const words = ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', folder];
  const { status, stderr, error } = spawnSync('mount', words, { encoding: 'utf8' });
  return status === 0 ? undefined : String(error?.message ?? stderr).trim();
}

/** Takes the disk away; throws where it is not there. */
export function unmount(folder: string): void {
  const { status, stderr } = spawnSync('umount', ['-l', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The disk of the test was not unmounted: ${stderr}`);
}

/** Writes to a file until its disk has no space, by smaller and smaller pieces. */
export async function fillDisk(ballast: string): Promise<void> {
  const file = await open(ballast, 'a');
  try {
    for (let size = 2 ** 20; size >= 4_096; ) {
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
