import { randomUUID } from 'node:crypto';
import { chmod, open, rename, rm, writeFile } from 'node:fs/promises';
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
  const temporary = join(dirname(to), `.${basename(to)}.${randomUUID()}`);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await publishFile(temporary, to, mode);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
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
