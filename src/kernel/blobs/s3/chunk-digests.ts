import { createHash } from 'node:crypto';
import { chunkBytes } from './layout.js';

/** The SHA-256 of each chunk of bytes that come in pieces. */
export class ChunkDigests {
  readonly #chunks: Buffer[] = [];
  #chunk = createHash('sha256');
  #bytes = 0;

  /** How many came. */
  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Uint8Array): void {
    for (let rest = piece; rest.byteLength > 0; ) {
      const room = chunkBytes - (this.#bytes % chunkBytes);
      const part = rest.subarray(0, room);
      this.#chunk.update(part);
      this.#bytes += part.byteLength;
      if (part.byteLength === room) this.#endChunk();
      rest = rest.subarray(part.byteLength);
    }
  }

  /** Of the chunks, one after the other. Nothing may be added after it. */
  end(): Buffer {
    if (this.#bytes % chunkBytes > 0) this.#endChunk();
    return Buffer.concat(this.#chunks);
  }

  #endChunk(): void {
    this.#chunks.push(this.#chunk.digest());
    this.#chunk = createHash('sha256');
  }
}
