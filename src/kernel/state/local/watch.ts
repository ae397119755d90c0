import { setImmediate as nextTurn } from 'node:timers/promises';
import { StarlingError } from '../../errors/index.js';
import { createTurns } from '../../turns/index.js';
import type { ChangeBatch } from '../state.js';
import type { DraftChange } from './draft.js';
import type { LogReader } from './log-reader.js';

export interface WatchParts {
  readonly reader: LogReader;
  /** The watches that wait for a change; this one is in it while it waits. */
  readonly waiting: Set<Watch>;
  readonly isClosed: () => boolean;
  readonly signal: AbortSignal | undefined;
}

const ended: IteratorResult<ChangeBatch, undefined> = { done: true, value: undefined };

/** One watch, which is its own iterator: iterating again goes on where the last reading stopped. */
export class Watch implements AsyncIterableIterator<ChangeBatch, undefined> {
  readonly #parts: WatchParts;
  readonly #inTurn = createTurns(1);
  #batches: ChangeBatch[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next batch. Calls that overlap are answered in their order; those after one that failed find the watch ended. */
  next(): Promise<IteratorResult<ChangeBatch, undefined>> {
    return this.#inTurn(() => this.#next());
  }

  async return(): Promise<IteratorResult<ChangeBatch, undefined>> {
    this.#isEnded = true;
    this.#batches = [];
    this.wake();
    return ended;
  }

  /** For a waiting watch: wakes it where a commit has something for it. */
  offer(changes: readonly DraftChange[], revision: number): void {
    if (this.#parts.reader.wants(changes, revision)) this.wake();
  }

  /** Lets a waiting watch look again. */
  wake(): void {
    this.#wake?.();
  }

  async #next(): Promise<IteratorResult<ChangeBatch, undefined>> {
    try {
      while (!this.#isOver()) {
        const batch = this.#batches.shift();
        if (batch !== undefined) return { done: false, value: batch };
        await this.#parts.reader.ready();
        if (this.#isOver()) break;
        const { batches, isEnd } = this.#parts.reader.read();
        this.#batches = batches;
        if (batches.length > 0) continue;
        if (isEnd) await this.#wait();
        // Give way between the parts of a long log that has little under the prefix.
        else await nextTurn();
      }
      return ended;
    } catch (thrown) {
      this.#isEnded = true;
      throw StarlingError.from(thrown, 'storage-failed', 'A watch could not read the log');
    }
  }

  #isOver(): boolean {
    return this.#isEnded || this.#parts.isClosed() || this.#parts.signal?.aborted === true;
  }

  /** The first step runs in the same turn as the read before it, so that no commit falls between the two. */
  #wait(): Promise<void> {
    const { waiting, signal } = this.#parts;
    return new Promise((resolve) => {
      const wake = () => {
        this.#wake = undefined;
        waiting.delete(this);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      waiting.add(this);
      signal?.addEventListener('abort', wake);
    });
  }
}
