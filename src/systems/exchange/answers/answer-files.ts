import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isSystemError, StarlingError } from '../../../kernel/errors/index.js';
import { type AnswerStore, rowsGone } from './answer-store.js';

/** Released rows in files of this machine: a folder per request. */
export class AnswerFiles implements AnswerStore {
  readonly #folder: string;

  /** @param folder the gateway's folder for answers; nobody else writes to it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(request: string, name: string, rows: Readable): Promise<number> {
    try {
      await mkdir(join(this.#folder, request), { recursive: true, mode: 0o750 });
      const file = createWriteStream(this.#path(request, name), {
        flags: 'wx',
        mode: 0o640,
        flush: true,
      });
      await pipeline(rows, file);
      return file.bytesWritten;
    } catch (error) {
      throw StarlingError.from(error, 'storage-failed', 'The answer cannot be kept');
    }
  }

  async open(request: string, name: string): Promise<Readable> {
    const stream = createReadStream(this.#path(request, name));
    return new Promise((resolve, reject) => {
      stream.once('open', () => resolve(stream));
      stream.once('error', (error) => {
        reject(
          isSystemError(error, 'ENOENT')
            ? rowsGone(request)
            : StarlingError.from(error, 'storage-failed', `The rows of request ${request} cannot be read`),
        );
      });
    });
  }

  async remove(request: string): Promise<void> {
    try {
      await rm(join(this.#folder, request), { recursive: true, force: true });
    } catch (error) {
      throw StarlingError.from(error, 'storage-failed', `The rows of request ${request} cannot be removed`);
    }
  }

  #path(request: string, name: string): string {
    return join(this.#folder, request, `${name}.arrow`);
  }
}
