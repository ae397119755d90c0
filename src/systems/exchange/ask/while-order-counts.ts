import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { OrderClaims } from '../order/index.js';

/** How much later than the end of its order an outcome may come: clocks differ, and it has a way to go. */
const graceMs = 60_000;

/** What is bounded by its order. */
export interface BoundWork {
  readonly claims: Pick<OrderClaims, 'aud' | 'exp' | 'jti'>;
  readonly clock: Clock;
  /** Stops the work before that. */
  readonly signal: AbortSignal;
}

/**
 * Does `work` as long as its order counts: a minute after the order's end its signal is aborted, and whatever it throws then is
 * `time-limit`. An agent that gives signs of life and no outcome cannot hold a request for longer.
 */
export async function whileOrderCounts<Value>(
  { claims: { aud, exp, jti }, clock, signal }: BoundWork,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const timer = clock.timer(exp * 1000 + graceMs - clock.wallTime(), () => {
    const message = `The agent of ${aud} gave no answer while its order counted, which ended at ${new Date(exp * 1000).toISOString()}. Ask again; if it stays, tell its operator.`;
    late.abort(new StarlingError('time-limit', message, { details: { party: aud, order: jti } }));
  });
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (thrown) {
    throw late.signal.aborted ? late.signal.reason : thrown;
  } finally {
    timer.cancel();
  }
}
