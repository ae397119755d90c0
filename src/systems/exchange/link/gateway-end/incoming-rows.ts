import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { RowsFrame } from '../wire/frame.js';
import { linkLimits } from '../wire/limits.js';
import { violation } from '../wire/parsed.js';

/** After so many bytes the agent is told how far the reader is. */
const tellEvery = linkLimits.rowWindowBytes / 4;

/**
 * The rows of one order as they arrive. A slow reader holds up the agent by not giving it room; rows end only where the
 * agent's outcome says so and bytes and hash agree, so that what is cut never looks whole.
 */
export class IncomingRows {
  readonly readable: Readable;
  readonly #tellRead: (bytes: number) => void;
  readonly #hash = createHash('sha256');
  #queue: Buffer[] = [];
  #received = 0;
  #read = 0;
  #told = 0;
  #complete = false;
  #wanted = false;

  /** @param tellRead tells the agent how many bytes were read */
  constructor(tellRead: (bytes: number) => void) {
    this.#tellRead = tellRead;
    this.readable = new Readable({ highWaterMark: linkLimits.frameBytes, read: () => this.#want() });
    // whoever reads is told by the stream, and whoever asked by the outcome
    this.readable.on('error', () => undefined);
  }

  /** Bytes that have arrived. */
  get received(): number {
    return this.#received;
  }

  /** Throws `input-invalid` where the piece is not the next one, or more than there is room for. */
  take({ offset, bytes }: RowsFrame): void {
    if (offset !== this.#received) throw violation('rows out of their order');
    if (this.#received + bytes.length - this.#told > linkLimits.rowWindowBytes)
      throw violation('more rows than there is room for');
    this.#received += bytes.length;
    this.#hash.update(bytes);
    this.#queue.push(bytes);
    this.#flow();
  }

  /** Tells the agent how far the reader is; on a new stream too, since the last word may have been lost with the old one. */
  tellRead(): void {
    this.#told = this.#read;
    this.#tellRead(this.#read);
  }

  /** The agent says that these were all. Throws `run-died` where they are not what it sent. */
  end({ bytes, sha256 }: { readonly bytes: number; readonly sha256: string }): void {
    if (bytes !== this.#received || sha256 !== this.#hash.digest('base64url')) {
      throw new StarlingError(
        'run-died',
        `Of the released rows ${this.#received} bytes arrived, which are not the ${bytes} bytes that were sent. Ask again.`,
      );
    }
    this.#complete = true;
    this.#flow();
  }

  fail(error: StarlingError): void {
    this.#queue = [];
    this.readable.destroy(error);
  }

  #want(): void {
    this.#wanted = true;
    this.#flow();
  }

  #flow(): void {
    if (this.readable.destroyed) return;
    while (this.#wanted) {
      const piece = this.#queue.shift();
      if (piece === undefined) break;
      this.#read += piece.length;
      this.#wanted = this.readable.push(piece);
    }
    if (this.#read - this.#told >= tellEvery) this.tellRead();
    if (this.#complete && this.#queue.length === 0) {
      this.#complete = false;
      this.readable.push(null);
    }
  }
}
