import { type Random, whole } from '../../lab/seeded.js';
import { type Caller, endingOf, type Outcome } from '../caller.js';

/** An answer of a gateway over HTTP. */
export interface HttpAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Asks gateways, each time one of them; where nobody can be connected to there, the next. */
export class Desk {
  readonly #callers: readonly Caller[];
  readonly #random: Random;

  constructor(callers: readonly Caller[], random: Random) {
    this.#callers = callers;
    this.#random = random;
  }

  async ask<Result>(method: string, args: unknown, patienceMs: number): Promise<Outcome<Result>> {
    const first = whole(this.#random, 0, this.#callers.length);
    const inOrder = [...this.#callers.slice(first), ...this.#callers.slice(0, first)];
    const [one, ...others] = inOrder;
    if (one === undefined) throw new Error('There is no gateway to ask.');
    let outcome = await one.ask<Result>(method, args, patienceMs);
    for (const other of others) {
      if (endingOf(outcome) !== 'absent') break;
      outcome = await other.ask<Result>(method, args, patienceMs);
    }
    return outcome;
  }
}
