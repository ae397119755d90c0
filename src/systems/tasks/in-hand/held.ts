import type { KeptLease } from '../../../kernel/control/index.js';
import type { Operation } from '../../../kernel/state/index.js';
import { notesOf, processesPrefix, type Unclosed, unclosedPrefix } from './keys.js';

/** Notes that one write takes away at most, beside its own operations. */
const removedAtOnce = 32;

/** That a task is in hand, as it is kept: each with a key of its own. */
export interface Note {
  readonly key: string;
  /** To be written with the task. */
  readonly put: Operation;
}

/** What a process has in hand under one lease. Its methods give what is to be written; what they are told is in memory. */
export class Held {
  /** Also the name of the process, as long as it has the lease. */
  readonly lease: string;
  /** The key that is there as long as the lease. */
  readonly presence: string;
  readonly #kept: KeptLease;
  /** Keys of notes that are needed, and of those that are not any more. */
  readonly #needed = new Set<string>();
  readonly #finished = new Set<string>();
  #nextNote = 1;
  readonly #results = new Set<number>();
  #nextResult = 1;
  #isLeft = false;

  constructor(kept: KeptLease) {
    this.#kept = kept;
    this.lease = kept.id;
    this.presence = processesPrefix + kept.id;
  }

  /** Whether the lease counts for certain at this moment. */
  isHeld(): boolean {
    return this.#kept.isHeld();
  }

  /** Whether nothing would be left of it that others have to put right. */
  isClean(): boolean {
    return !this.#isLeft && this.#needed.size === 0 && this.#results.size === 0;
  }

  /** Registers the process: as one that is there, and as one that has not ended. */
  register(): readonly Operation[] {
    return [{ put: this.presence, value: {}, lease: this.lease }, this.#unclosed(this.#nextResult)];
  }

  /** Notes that a task is in hand, until it is finished. */
  note(task: string): Note {
    const key = `${notesOf(this.lease)}${this.#nextNote++}`;
    this.#needed.add(key);
    return { key, put: { put: key, value: { task } } };
  }

  /** Has a note taken away with some later write. */
  finish({ key }: Note): void {
    if (this.#needed.delete(key)) this.#finished.add(key);
  }

  /** Has a write take along that some notes are not needed any more. */
  async tidying<T>(write: (operations: readonly Operation[]) => Promise<T>): Promise<T> {
    const keys = [...this.#finished].slice(0, removedAtOnce);
    for (const key of keys) this.#finished.delete(key);
    try {
      return await write(keys.map((key) => ({ delete: key })));
    } catch (thrown) {
      for (const key of keys) this.#finished.add(key);
      throw thrown;
    }
  }

  /** The number of a result that comes, which is on its way until `endResult`. */
  beginResult(): number {
    const number = this.#nextResult++;
    this.#results.add(number);
    return number;
  }

  /** To be written with a result: which others may be on their way. */
  withResult(number: number): Operation {
    const others = [...this.#results].filter((other) => other !== number);
    return this.#unclosed(Math.min(this.#nextResult, ...others));
  }

  /** Tells that a result is recorded, or that nothing is left of it. */
  endResult(number: number): void {
    this.#results.delete(number);
  }

  /** Tells that something may be left which others have to put right when this process has ended. */
  leave(): void {
    this.#isLeft = true;
  }

  /** Ends the lease: what vanishes with it is gone. */
  release(): Promise<void> {
    return this.#kept.release();
  }

  #unclosed(resultsFrom: number): Operation {
    const value: Unclosed = { resultsFrom };
    return { put: unclosedPrefix + this.lease, value: { ...value } };
  }
}
