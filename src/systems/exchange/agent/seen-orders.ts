import type { State } from '../../../kernel/state/index.js';

const prefix = '/orders/seen/';

/** How long an id is kept beyond its order's end, in seconds: a clock that is set back must not bring an order back. */
const kept = 3600;

/** Ids that one write forgets at most. */
const sweptAtOnce = 100;

/** Ids of orders that were taken, each kept well beyond the time in which its order could be given again; also by a restart. */
export class SeenOrders {
  readonly #state: State;
  /** When each was to end, in seconds since 1970, nearly in the order of that. */
  readonly #ends: Map<string, number>;

  private constructor(state: State, ends: Map<string, number>) {
    this.#state = state;
    this.#ends = ends;
  }

  static async open(state: State): Promise<SeenOrders> {
    const found: [string, number][] = [];
    for (let after: string | undefined; ; ) {
      const page = await state.list(prefix, after === undefined ? {} : { after });
      for (const { key, value } of page.entries) found.push([key.slice(prefix.length), Number(value)]);
      if (page.next === undefined) break;
      after = page.next;
    }
    return new SeenOrders(state, new Map(found.sort(([, one], [, other]) => one - other)));
  }

  has(id: string): boolean {
    return this.#ends.has(id);
  }

  /**
   * Counts as seen at once; resolves when that is on disk.
   *
   * @param end of the order, and `now`, in seconds since 1970
   */
  async take(id: string, end: number, now: number): Promise<void> {
    const gone: string[] = [];
    for (const [known, until] of this.#ends) {
      // the first that still counts ends the sweep: what ends a little out of order is swept later
      if (until + kept > now || gone.length === sweptAtOnce) break;
      gone.push(known);
    }
    for (const one of gone) this.#ends.delete(one);
    this.#ends.set(id, end);
    await this.#state.transaction({
      compare: [],
      success: [{ put: prefix + id, value: end }, ...gone.map((one) => ({ delete: prefix + one }))],
    });
  }
}
