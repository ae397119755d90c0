import { StarlingError } from '../../../kernel/errors/index.js';
import { contentHash, type SigningKey } from '../../../kernel/identity/index.js';
import type { Chain, DataProviderChain } from '../compose/index.js';
import { dataSetHash } from '../model/index.js';
import { type Order, type OrderClaims, signOrder } from '../order/index.js';
import { askedAt, type DecidedQuestion } from '../scenarios/decided-question.js';
import type { Partials } from '../steps/index.js';

/** What a gateway signs for one party of a decided question, for tests. Throws `internal` where it has none. */
export function madeClaims(
  { question, composition, catalogue }: Pick<DecidedQuestion, 'question' | 'composition' | 'catalogue'>,
  party: string,
  changes: Partial<OrderClaims> = {},
): OrderClaims {
  const chain = composition.chains.find((one) => one.party === party);
  const dataSet = catalogue.dataSets.get(question.dataSet);
  if (chain === undefined || dataSet === undefined)
    throw new StarlingError('internal', `${party} has no chain in the composition.`);
  const iat = Math.floor(askedAt / 1000);
  return {
    jti: `r-1/${party}/${chain.place}`,
    iss: 'the key that signs',
    aud: party,
    iat,
    nbf: iat,
    exp: iat + 60,
    request: 'r-1',
    job: 'ada-1',
    jobRevision: 1,
    question,
    chain,
    ...(chain.place === 'dataProvider' ? { agreement: chain.agreementHash } : {}),
    dataSet: dataSetHash(dataSet.value),
    peers: [],
    inputs: contentHash(madeInputs(chain)),
    ...changes,
  };
}

/** The order that `key` signs over claims, with the inputs that `madeClaims` are about. */
export async function madeOrder(claims: OrderClaims, key: SigningKey): Promise<Order> {
  const signed = await signOrder({ ...claims, iss: key.publicKey.kid }, key);
  return { signed, inputs: madeInputs(claims.chain) };
}

/** Inputs for a chain: the same from each provider. */
export function madeInputs(chain: Chain): readonly Partials[] {
  return chain.place === 'computeProvider' && chain.receives === 'rows'
    ? []
    : chain.receivesFrom.map(() => partials);
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
