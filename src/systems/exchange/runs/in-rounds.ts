import type { Fit } from '../model/index.js';
import { type Aggregate, nextRound, type PartialState, type Partials } from '../steps/index.js';
import { toCell } from './count-persons.js';

/**
 * Goes over the rows as often as the algorithm needs, from the first pass on, whose release was decided: each further one is of
 * the same rows. Throws `no-fit` where no round would help.
 *
 * @param round computes one
 */
export async function inRounds(
  first: Partials,
  round: (fit: Fit) => Promise<PartialState>,
): Promise<Partials> {
  let partials = first;
  for (let fit = nextRound(partials); fit !== undefined; fit = nextRound(partials)) {
    const state = await round(fit);
    partials = { ...partials, fit, rows: partials.rows.map((row) => ({ ...row, state })) };
  }
  return partials;
}

/** The state of the one group of a round, from its row of the statement. Throws `no-fit` where it rests on few rows. */
export function readRound(
  row: readonly unknown[] | undefined,
  { algorithm }: Aggregate,
  { fit, minimum }: { readonly fit: Fit; readonly minimum: number },
): PartialState {
  const state = algorithm.read((row ?? []).slice(1).map(toCell), fit);
  return algorithm.conceal?.(state, minimum) ?? state;
}
