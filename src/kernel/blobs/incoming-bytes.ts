import { createHash } from 'node:crypto';
import { StarlingError } from '../errors/index.js';
import type { BlobInfo, WriteOptions } from './blobs.js';
import { untilAborted } from './until-aborted.js';

/**
 * What a source gives to be written, read once, and what there is to know of it then. Throws `input-too-large` as soon as
 * there is more than is taken, the reason of the signal, and what the source throws.
 */
export class IncomingBytes implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #options: Pick<WriteOptions, 'maxBytes' | 'signal'>;
  readonly #digest = createHash('sha256');
  #bytes = 0;

  constructor(source: AsyncIterable<Uint8Array>, options: Pick<WriteOptions, 'maxBytes' | 'signal'>) {
    this.#source = source;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { maxBytes = Infinity, signal } = this.#options;
    for await (const piece of untilAborted(this.#source, signal)) {
      this.#bytes += piece.byteLength;
      if (this.#bytes > maxBytes) throw tooLarge(maxBytes);
      this.#digest.update(piece);
      yield piece;
    }
  }

  /** Of all, at the end. */
  info(): BlobInfo {
    return { hash: this.#digest.digest('hex'), bytes: this.#bytes };
  }
}

function tooLarge(maxBytes: number): StarlingError {
  return new StarlingError(
    'input-too-large',
    `The file has more than the ${maxBytes} bytes that are taken. Send a smaller one, or ask the operator for more.`,
    { details: { maxBytes } },
  );
}
