import { StarlingError } from '../../../kernel/errors/index.js';
import type { OrderClaims } from '../order/index.js';

/** An order that was taken and has not ended. */
export interface RunningOrder {
  readonly claims: OrderClaims;
  /** Aborted when the order is stopped, from either side. */
  readonly signal: AbortSignal;
  /** Stops it; it then ends with `why`. */
  stop(why: StarlingError): void;
  /** Stops it where it would not be allowed any more. */
  recheck(): void;
  /** Throws `ground-lost` where it would not be allowed any more, and what it was stopped with. */
  assertAllowed(): void;
}

export interface RunningOrdersOptions {
  readonly party: string;
  /** Why an order would not be allowed now; empty where it would. */
  readonly lost: (claims: OrderClaims) => readonly string[];
}

/** The orders that an agent has taken, held against what is in force for as long as they wait and run. */
export class RunningOrders {
  readonly #options: RunningOrdersOptions;
  readonly #orders = new Map<RunningOrder, Promise<void>>();

  constructor(options: RunningOrdersOptions) {
    this.#options = options;
  }

  /** Has `work` done for an order, until it ends or is stopped; throws what it throws, or what the order was stopped with. */
  async run<Result>(
    claims: OrderClaims,
    signal: AbortSignal,
    work: (order: RunningOrder) => Promise<Result>,
  ): Promise<Result> {
    const abort = new AbortController();
    const throwIfStopped = () => {
      if (abort.signal.aborted) throw abort.signal.reason;
    };
    const recheck = () => {
      const why = this.#groundLost(claims);
      if (why !== undefined) abort.abort(why);
    };
    const order: RunningOrder = {
      claims,
      signal: AbortSignal.any([signal, abort.signal]),
      stop: (why) => abort.abort(why),
      recheck,
      assertAllowed: () => {
        recheck();
        throwIfStopped();
      },
    };
    let ended = () => {};
    this.#orders.set(order, new Promise((resolve) => (ended = resolve)));
    try {
      return await work(order);
    } catch (error) {
      throwIfStopped();
      throw error;
    } finally {
      this.#orders.delete(order);
      ended();
    }
  }

  /** Stops every order that would not be allowed any more. */
  recheck(): void {
    for (const order of this.#orders.keys()) order.recheck();
  }

  /** Resolves when every order that is taken now has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#orders.values());
  }

  #groundLost(claims: OrderClaims): StarlingError | undefined {
    const { party, lost } = this.#options;
    const reasons = lost(claims);
    if (reasons.length === 0) return undefined;
    const message = `${party} stopped request ${claims.request}, since what it rested on was changed: ${reasons.join(' ')} Ask it as a new request.`;
    return new StarlingError('ground-lost', message, { details: { party, reasons } });
  }
}
