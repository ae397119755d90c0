import { StarlingError } from '../../../kernel/errors/index.js';
import type { Chain, DataProviderChain } from '../compose/index.js';
import { askedAt, type DecidedQuestion } from '../scenarios/decided-question.js';
import type { Partials } from '../steps/index.js';
import type { Order } from './agent.js';

/** The order for one party of a decided question, as the gateway makes it, for tests. Throws `internal` where it has none. */
export function madeOrder(
  { question, composition }: DecidedQuestion,
  party: string,
  changes: Partial<Order> = {},
): Order {
  const chain = composition.chains.find((one) => one.party === party);
  if (chain === undefined) throw new StarlingError('internal', `${party} has no chain in the composition.`);
  const { archetype, computeProvider } = composition;
  return {
    id: `r-1/${party}/${chain.place}`,
    request: 'r-1',
    party,
    question,
    archetype,
    ...(computeProvider === undefined ? {} : { computeProvider }),
    chain,
    inputs: chain.receivesFrom.map(() => partials),
    expiresAt: askedAt + 60_000,
    ...changes,
  };
}

/** The chain of an order, where it is a data provider's. Throws `internal` where it is not. */
export function providerChain({ chain }: { readonly chain: Chain }): DataProviderChain {
  if (chain.place === 'dataProvider') return chain;
  throw new StarlingError('internal', `The chain of ${chain.party} is no data provider's.`);
}

/** What a provider releases for a merge: how many of twelve persons are men. */
export const partials: Partials = {
  algorithm: 'count',
  groups: ['Geslacht'],
  rows: [{ group: ['M'], total: false, state: { rows: 12 } }],
  withheld: { groups: 0, total: false, minimumGroupSize: 10 },
};
