import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { RowsFrame } from '../wire/frame.js';
import { rowsPerFrame } from '../wire/frame.js';
import { linkLimits } from '../wire/limits.js';
import { violation } from '../wire/parsed.js';

/**
 * The rows of one order on their way to the gateway. No more than a window of them is under way: it is kept until the
 * gateway has read it, so that a lost stream can go on where it stopped, and the run waits meanwhile.
 */
export class OutgoingRows {
  readonly #call: number;
  readonly #send: (rows: RowsFrame) => void;
  readonly #signal: AbortSignal;
  readonly #hash = createHash('sha256');
  #kept: { readonly offset: number; readonly bytes: Buffer }[] = [];
  #end = 0;
  #read = 0;
  #room: (() => void) | undefined;

  /** @param send is without effect while there is no stream */
  constructor(call: number, send: (rows: RowsFrame) => void, signal: AbortSignal) {
    this.#call = call;
    this.#send = send;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#room?.(), { once: true });
  }

  /** Sends all of `rows`; resolves when the last byte was handed to the stream. */
  async pump(rows: Readable): Promise<void> {
    for await (const chunk of rows) {
      const bytes: Buffer = chunk;
      for (let start = 0; start < bytes.length; start += rowsPerFrame) {
        await this.#push(bytes.subarray(start, start + rowsPerFrame));
      }
    }
  }

  /** What binds the rows that were pumped. */
  summary(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#end, sha256: this.#hash.copy().digest('base64url') };
  }

  /** The gateway has read so many bytes. Throws `input-invalid` where that cannot be. */
  wasRead(bytes: number): void {
    if (bytes < this.#read || bytes > this.#end) throw violation('that it read rows which were not sent');
    this.#read = bytes;
    this.#kept = this.#kept.filter((piece) => piece.offset + piece.bytes.length > bytes);
    this.#room?.();
  }

  /** Sends again, on a new stream, what the gateway did not receive on the old one. */
  resume(received: number): void {
    if (received < this.#read || received > this.#end)
      throw violation('that it has rows which were not sent');
    for (const { offset, bytes } of this.#kept) {
      const skipped = Math.max(0, received - offset);
      if (skipped >= bytes.length) continue;
      this.#send({ call: this.#call, offset: offset + skipped, bytes: bytes.subarray(skipped) });
    }
  }

  async #push(bytes: Buffer): Promise<void> {
    while (this.#end - this.#read + bytes.length > linkLimits.rowWindowBytes) {
      this.#signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#room = resolve;
      });
    }
    this.#signal.throwIfAborted();
    const piece = { offset: this.#end, bytes };
    this.#hash.update(bytes);
    this.#kept.push(piece);
    this.#end += bytes.length;
    this.#send({ call: this.#call, ...piece });
  }
}
