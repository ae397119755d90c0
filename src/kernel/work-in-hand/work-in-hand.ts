import { StarlingError } from '../errors/index.js';

/** The work in hand of something that can be closed. */
export class WorkInHand {
  readonly #refusal: string;
  readonly #working = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  /** `refusal`: what those are told who come after the close: what was closed, and what to do. */
  constructor(refusal: string) {
    this.#refusal = refusal;
  }

  /** Does `work`, and gives what it gives. Rejects with `shutting-down` where the close has begun. */
  async do<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    const working = work();
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }

  /** Throws `shutting-down` where the close has begun. */
  assertOpen(): void {
    if (this.#closing !== undefined) throw new StarlingError('shutting-down', this.#refusal);
  }

  /** Refuses what comes from now on, and calls `end`, which awaits `settled`; once, however often it is asked. */
  close(end: () => Promise<void>): Promise<void> {
    // `end` begins after this call, so that what it causes itself is refused too
    this.#closing ??= Promise.resolve().then(end);
    return this.#closing;
  }

  /** Resolves when no work is in hand, well done or not; never rejects. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }
}
