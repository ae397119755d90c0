import { StarlingError } from '../../../../kernel/errors/index.js';
import { linkLimits } from '../wire/limits.js';
import type { Call } from './call.js';
import { restarted } from './line-faults.js';

/** What one agent was asked and has not answered, by the number of the call. */
export class Calls {
  readonly #party: string;
  readonly #calls = new Map<number, Call>();
  #last = 0;

  constructor(party: string) {
    this.#party = party;
  }

  get(id: number): Call | undefined {
    return this.#calls.get(id);
  }

  [Symbol.iterator](): IterableIterator<[number, Call]> {
    return this.#calls.entries();
  }

  /** A number for the next call. Throws `pool-exhausted`. */
  next(): number {
    if (this.#calls.size >= linkLimits.calls) {
      throw new StarlingError(
        'pool-exhausted',
        `${this.#party} has ${linkLimits.calls} questions in hand, which is the most that its line takes. Ask again later.`,
      );
    }
    this.#last += 1;
    return this.#last;
  }

  add(id: number, call: Call): void {
    this.#calls.set(id, call);
  }

  delete(id: number): void {
    this.#calls.delete(id);
  }

  failAll(error: StarlingError): void {
    for (const call of this.#calls.values()) call.fail(error);
  }

  /**
   * Fails what was sent to an earlier process than `boot`, which is lost.
   *
   * @returns what is still waited for, and what has arrived of it
   */
  prepare(boot: string) {
    for (const call of this.#calls.values()) {
      if (call.sentTo !== undefined && call.sentTo !== boot) call.fail(restarted(this.#party, call.question));
    }
    const sent = [...this.#calls].filter(([, call]) => call.sentTo === boot);
    return sent.map(([id, { heard }]) => ({ call: id, ...heard }));
  }
}
