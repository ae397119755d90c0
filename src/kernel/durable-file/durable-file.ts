import { randomUUID } from 'node:crypto';
import { chmod, link, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Gives the finished file `from` its place at `to` in the same file system: synced, with `mode`, then renamed, then
 * the folder synced. A reader sees the old file or the whole new one, also after a crash.
 */
export async function publishFile(from: string, to: string, mode: number): Promise<void> {
  await sync(from);
  await chmod(from, mode);
  await rename(from, to);
  await sync(dirname(to));
}

/** Writes `content` to `to` so that a reader sees the old file or the whole new one, also after a crash. */
export async function replaceFile(to: string, content: string | Uint8Array, mode = 0o640): Promise<void> {
  await withWork(to, content, mode, (work) => publishFile(work, to, mode));
}

/** As `replaceFile`, but only where there is no such file yet; else it throws the system's `EEXIST`. */
export async function makeFile(to: string, content: string | Uint8Array, mode = 0o640): Promise<void> {
  await withWork(to, content, mode, async (work) => {
    await sync(work);
    await link(work, to);
    await sync(dirname(to));
  });
}

/** Has `content` in a file beside `to`, which nobody else could ever read with another mode, while `place` runs. */
async function withWork(
  to: string,
  content: string | Uint8Array,
  mode: number,
  place: (work: string) => Promise<void>,
): Promise<void> {
  const work = join(dirname(to), `.${basename(to)}.${randomUUID()}`);
  try {
    await writeFile(work, content, { flag: 'wx', mode });
    await place(work);
  } finally {
    await rm(work, { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
