import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StarlingError } from '../../../../kernel/errors/index.js';

/** A file of the spool. */
export interface SpooledRows {
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 over them, in base64url. */
  readonly hash: string;
}

/** Files of received rows in a folder of their own, together within a quota; they last as long as their order. */
export class Spool {
  readonly #folder: string;
  readonly #quotaBytes: number;
  #usedBytes = 0;

  private constructor(folder: string, quotaBytes: number) {
    this.#folder = folder;
    this.#quotaBytes = quotaBytes;
  }

  /** Opens the folder, and removes what a crash left in it. Throws `storage-failed`. */
  static async open(folder: string, quotaBytes: number): Promise<Spool> {
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw StarlingError.from(
        error,
        'storage-failed',
        `The folder ${folder} for received rows cannot be made`,
      );
    }
    return new Spool(folder, quotaBytes);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Writes a stream into a file of its own. Throws `storage-full` where the quota or the disk is, and what the stream ends
   * with; no file is left then.
   */
  async write(rows: Readable, signal: AbortSignal): Promise<SpooledRows> {
    const file = join(this.#folder, randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        this.#usedBytes += chunk.length;
        if (this.#usedBytes > this.#quotaBytes) return done(this.#full());
        hash.update(chunk);
        done(null, chunk);
      },
    });
    const kept = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    let isOurs = false;
    // an error of either end ends both: it is the disk's where the sender has not gone before
    kept.once('error', () => {
      isOurs = rows.readableEnded || !rows.destroyed;
    });
    try {
      await pipeline(rows, measure, kept, { signal });
      return { file, bytes, hash: hash.digest('base64url') };
    } catch (error) {
      await this.#removed(file, bytes);
      if (signal.aborted) throw signal.reason;
      if (error instanceof StarlingError) throw error;
      if (!isOurs) throw brokenOff(error);
      throw StarlingError.from(error, 'storage-failed', 'The rows cannot be kept');
    }
  }

  /** Removes a file that `write` made. */
  async remove({ file, bytes }: SpooledRows): Promise<void> {
    await this.#removed(file, bytes);
  }

  async #removed(file: string, bytes: number): Promise<void> {
    await rm(file, { force: true });
    this.#usedBytes -= bytes;
  }

  #full(): StarlingError {
    const megabytes = Math.round(this.#quotaBytes / 1_000_000);
    return new StarlingError(
      'storage-full',
      `There is no room for the rows: all that is received at a time may take ${megabytes} MB. Ask again later, or for fewer rows.`,
      { details: { quotaMegabytes: megabytes } },
    );
  }
}

function brokenOff(cause: unknown): StarlingError {
  return new StarlingError('run-failed', 'The rows were broken off by their sender.', { cause });
}
