import { createHash } from 'node:crypto';
import { chunkBytes } from './layout.js';

/** The SHA-256 of bytes that come in pieces: of all of them, and of each chunk. */
export class ChunkDigests {
  readonly #whole = createHash('sha256');
  readonly #chunks: Buffer[] = [];
  #chunk = createHash('sha256');
  #bytes = 0;

  /** How many came. */
  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Uint8Array): void {
    this.#whole.update(piece);
    for (let rest = piece; rest.byteLength > 0; ) {
      const room = chunkBytes - (this.#bytes % chunkBytes);
      const part = rest.subarray(0, room);
      this.#chunk.update(part);
      this.#bytes += part.byteLength;
      if (part.byteLength === room) this.#endChunk();
      rest = rest.subarray(part.byteLength);
    }
  }

  /** Of all, as hexadecimal digits, and of the chunks one after the other. Nothing may be added after it. */
  end(): { readonly hash: string; readonly chunks: Buffer } {
    if (this.#bytes % chunkBytes > 0) this.#endChunk();
    return { hash: this.#whole.digest('hex'), chunks: Buffer.concat(this.#chunks) };
  }

  #endChunk(): void {
    this.#chunks.push(this.#chunk.digest());
    this.#chunk = createHash('sha256');
  }
}
