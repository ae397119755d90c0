import type { Bar } from '../output/upload-bar.js';
import type { FoundFile } from './found-files.js';

/** Counts what was sent, in files and in bytes, and tells a bar. */
export class UploadMeter {
  readonly #bar: Bar;
  readonly #total: { readonly files: number; readonly bytes: number };
  /** Bytes of each file that are there or on their way. */
  readonly #bytes = new Map<FoundFile, number>();
  readonly #began = performance.now();
  #done = 0;
  #failed = 0;
  /** Bytes that were there, and need no time. */
  #skipped = 0;

  constructor(files: readonly FoundFile[], bar: Bar) {
    this.#bar = bar;
    this.#total = { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** The gateway has the whole file. */
  skip({ bytes }: FoundFile): void {
    this.#skipped += bytes;
  }

  /** So many bytes of a file are there; those told of first were there before. */
  tell(file: FoundFile, bytes: number): void {
    if (!this.#bytes.has(file)) this.#skipped += bytes;
    this.#bytes.set(file, bytes);
    this.#show();
  }

  /** A file came to its end. */
  end(file: FoundFile, failed: number): void {
    this.#bytes.set(file, file.bytes);
    this.#done += 1;
    this.#failed = failed;
    this.#show();
  }

  #show(): void {
    let bytes = 0;
    for (const part of this.#bytes.values()) bytes += part;
    const perSecond = ((bytes - this.#skipped) * 1_000) / Math.max(1, performance.now() - this.#began);
    const left = this.#total.bytes - bytes;
    this.#bar.show({
      what: 'uploading',
      done: this.#done,
      total: this.#total.files,
      failed: this.#failed,
      bytes: { done: bytes, total: this.#total.bytes },
      rate: perSecond,
      secondsLeft: perSecond > 0 ? left / perSecond : undefined,
    });
  }
}
