import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants, open } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StarlingError } from '../../../../kernel/errors/index.js';

/** A pipe with a name, which one process writes while this one reads. */
export interface NamedPipe {
  readonly path: string;
  /** Ends when its writer closes it. */
  readonly rows: Socket;
  /** Stops reading, and takes the name away. */
  close(): Promise<void>;
}

/** Makes a pipe in a folder that only the agent itself can read. Throws `storage-failed`. */
export async function openNamedPipe(folder: string): Promise<NamedPipe> {
  const path = join(folder, randomUUID());
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    // without waiting for a writer, who comes when the run begins to write
    const descriptor = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const rows = new Socket({ fd: descriptor, readable: true, writable: false });
    const close = async () => {
      rows.destroy();
      await rm(path, { force: true });
    };
    return { path, rows, close };
  } catch (error) {
    throw StarlingError.from(error, 'storage-failed', `The pipe ${path} for rows cannot be made`);
  }
}
