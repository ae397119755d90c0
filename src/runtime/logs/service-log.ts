import { EventEmitter, once } from 'node:events';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { StarlingError } from '../../kernel/errors/index.js';
import type { LogLine, LogQuery } from './log-line.js';
import { lastSequence, linesIn, listSegments, type Segment, segmentAt } from './segments.js';

/** How much is kept of a service's lines. */
export interface LogSizes {
  /** A file that has grown to so many bytes is followed by another. */
  readonly segmentBytes: number;
  /** So many files are kept, the newest. */
  readonly segments: number;
}

/** What is kept if nothing else is said: 20 MB for each service. */
export const defaultLogSizes: LogSizes = { segmentBytes: 4_000_000, segments: 5 };

/**
 * The lines of one service in files of its folder, one JSON object each. Lines that come while others are written are
 * written together; whoever appends faster than the disk takes is held up. They are not synced: a line may be lost with
 * the machine, not with the process. Whoever follows is told of what was written by this object, and never looks in vain.
 */
export class ServiceLog {
  readonly #folder: string;
  readonly #sizes: LogSizes;
  readonly #written = new EventEmitter().setMaxListeners(0);
  #segments: Segment[];
  #file: FileHandle | undefined;
  #bytes = 0;
  /** The last sequence that was given, and the last that is in the files. */
  #given: number;
  #stored: number;
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  private constructor(folder: string, sizes: LogSizes, segments: Segment[], last: number) {
    this.#folder = folder;
    this.#sizes = sizes;
    this.#segments = segments;
    this.#given = last;
    this.#stored = last;
  }

  /** Opens the log in `folder`, which is made where there is none. Throws `storage-failed`, `storage-full`. */
  static async open(folder: string, sizes: LogSizes): Promise<ServiceLog> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const segments = await listSegments(folder);
      return new ServiceLog(folder, sizes, segments, await lastSequence(segments));
    } catch (thrown) {
      throw StarlingError.from(thrown, 'storage-failed', `The log in ${folder} cannot be opened`);
    }
  }

  /** Adds lines; resolves when they are in the files. Throws `storage-failed`, `storage-full`: they are lost then. */
  append(lines: readonly Omit<LogLine, 'sequence'>[]): Promise<void> {
    if (lines.length === 0 || this.#closed) return Promise.resolve();
    for (const line of lines) {
      this.#given += 1;
      this.#pending.push(`${JSON.stringify({ sequence: this.#given, ...line })}\n`);
    }
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Lines as the query wants them, in their order. Lines whose file was removed meanwhile are left out. */
  async *read(query: LogQuery): AsyncGenerator<LogLine> {
    const { instance, follow = false, signal } = query;
    let after = Math.max(query.after ?? 0, await this.#beforeLast(query));
    let offset = 0;
    let segment = segmentAt(this.#segments, after + 1);
    while (signal?.aborted !== true) {
      if (segment !== undefined) {
        const { lines, end } = await linesIn(segment, offset);
        offset = end;
        for (const line of lines) {
          if (line.sequence <= after) continue;
          after = line.sequence;
          if (instance === undefined || line.instance === instance) yield line;
        }
      }
      const next = segmentAt(this.#segments, after + 1);
      if (next !== undefined && next.path !== segment?.path) {
        segment = next;
        offset = 0;
      } else if (this.#stored <= after) {
        if (!follow || this.#closed) return;
        await this.#untilWritten(signal);
      } else if (!follow) return;
    }
  }

  /** Writes what is left, and ends whoever follows. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing?.catch(() => undefined);
    await this.#file?.close();
    this.#file = undefined;
    this.#written.emit('written');
  }

  async #write(): Promise<void> {
    // what comes in the same turn is written together
    await Promise.resolve();
    try {
      while (this.#pending.length > 0) {
        const texts = this.#pending;
        const last = this.#given;
        this.#pending = [];
        const file = await this.#openFile(last - texts.length + 1);
        const bytes = Buffer.from(texts.join(''));
        await file.write(bytes);
        this.#bytes += bytes.length;
        this.#stored = last;
        this.#written.emit('written');
      }
    } catch (thrown) {
      this.#pending = [];
      // a line may have broken off: what comes next goes into another file
      const file = this.#file;
      this.#file = undefined;
      await file?.close();
      throw StarlingError.from(thrown, 'storage-failed', `The log in ${this.#folder} cannot be written`);
    }
  }

  /** The file for the line with the sequence `first`: the one that is open, or a new one where that is full. */
  async #openFile(first: number): Promise<FileHandle> {
    if (this.#file !== undefined && this.#bytes < this.#sizes.segmentBytes) return this.#file;
    await this.#file?.close();
    this.#file = undefined;
    const segment = { path: `${this.#folder}/${String(first).padStart(16, '0')}.jsonl`, first };
    this.#file = await open(segment.path, 'a', 0o640);
    this.#bytes = 0;
    this.#segments.push(segment);
    for (const old of this.#segments.splice(0, this.#segments.length - this.#sizes.segments)) {
      await rm(old.path, { force: true });
    }
    return this.#file;
  }

  /** The sequence before the oldest line that `last` asks for; 0 where it asks for nothing. */
  async #beforeLast({ last, instance }: LogQuery): Promise<number> {
    if (last === undefined) return 0;
    await this.#writing?.catch(() => undefined);
    let left = last;
    if (left === 0) return this.#stored;
    for (const segment of [...this.#segments].reverse()) {
      const { lines } = await linesIn(segment, 0);
      for (const line of lines.reverse()) {
        if (instance !== undefined && line.instance !== instance) continue;
        left -= 1;
        if (left === 0) return line.sequence - 1;
      }
    }
    return 0;
  }

  async #untilWritten(signal: AbortSignal | undefined): Promise<void> {
    try {
      await once(this.#written, 'written', signal === undefined ? {} : { signal });
    } catch (thrown) {
      // whoever reads has enough, which the loop sees
      if (signal?.aborted !== true) throw thrown;
    }
  }
}
