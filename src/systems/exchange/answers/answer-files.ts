import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isSystemError, StarlingError } from '../../../kernel/errors/index.js';

/** The name that a result's rows are kept by: in one request a party computes once under an archetype. */
export function rowsName({
  computedAt,
  archetype,
}: {
  readonly computedAt: string;
  readonly archetype?: string;
}): string {
  return archetype === undefined ? computedAt : `${computedAt}.${archetype}`;
}

/** Released rows, one Arrow IPC stream per result, in a folder per request. */
export class AnswerFiles {
  readonly #folder: string;

  /** @param folder the gateway's folder for answers; nobody else writes to it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes the rows of one result (see `rowsName`) as they come. Throws `storage-full` or `storage-failed`; what was written of a
   * failed answer is removed with the request's folder.
   *
   * @returns bytes written
   */
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

  /** The Arrow IPC stream of one result's rows. Throws `result-gone` where it is not kept. */
  async open(request: string, name: string): Promise<Readable> {
    const stream = createReadStream(this.#path(request, name));
    return new Promise((resolve, reject) => {
      stream.once('open', () => resolve(stream));
      stream.once('error', (error) => {
        reject(
          isSystemError(error, 'ENOENT')
            ? new StarlingError(
                'result-gone',
                `The rows of request ${request} are no longer kept. Ask again.`,
              )
            : StarlingError.from(error, 'storage-failed', `The rows of request ${request} cannot be read`),
        );
      });
    });
  }

  /** Removes what is kept of a request, if anything is. Throws `storage-failed`. */
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
