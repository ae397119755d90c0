import { closeSync, fstatSync, readdirSync } from 'node:fs';

/** Standard streams, and the channels that a parent may pass after them. */
const firstOther = 5;

/**
 * Closes the files that a child process inherited without being meant to. LMDB opens its data file without
 * close-on-exec, so that every child of a daemon would hold its state open for reading and writing. To be called first
 * of all, before the process does anything with what others gave it.
 *
 * Only regular files are closed: pipes, sockets and event queues are the process's own.
 */
export function closeInheritedFiles(): void {
  const folder = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';
  for (const name of readdirSync(folder)) {
    const descriptor = Number(name);
    if (descriptor >= firstOther && isRegularFile(descriptor)) closeSync(descriptor);
  }
}

function isRegularFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // the listing itself held it open, and has closed it since
    return false;
  }
}
