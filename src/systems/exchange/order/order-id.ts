import type { Chain } from '../compose/index.js';

/**
 * The id of the order for one chain of a request: a party may compute for several parts, and in several rounds. That an id is
 * taken once bounds the rounds that a request has.
 *
 * @param round from 1 on; absent for the first pass over the rows
 */
export function orderId(
  request: string,
  { party, place, archetype }: Pick<Chain, 'party' | 'place' | 'archetype'>,
  round?: number,
): string {
  const chain = place === 'dataProvider' ? `${party}/${place}` : `${party}/${place}/${archetype}`;
  return round === undefined ? `${request}/${chain}` : `${request}/${chain}/round ${round}`;
}
