import { contentHash } from '../../../kernel/identity/index.js';
import type { Chain, Composition } from '../compose/index.js';
import { type DataSet, dataSetHash } from '../model/index.js';
import type { OrderClaims, OrderSigner } from '../order/index.js';
import type { Partials } from '../steps/index.js';
import type { LiveRequest } from './live-request.js';

/** How long an order may wait for a free run and for a first import, beside its own time, in seconds. */
const patience = 300;

/** What an order is made of. */
export interface OrderParts {
  readonly live: LiveRequest;
  readonly composition: Composition;
  readonly chain: Chain;
  readonly inputs: readonly Partials[];
  readonly dataSet: DataSet;
  readonly signer: OrderSigner;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The id of the order for one chain of a request. */
export function orderId(request: string, { party, place }: Pick<Chain, 'party' | 'place'>): string {
  return `${request}/${party}/${place}`;
}

/** What the gateway signs for one chain of a request. */
export async function orderClaims(parts: OrderParts): Promise<OrderClaims> {
  const { live, composition, chain, inputs, dataSet, signer, now } = parts;
  const { archetype, computeProvider } = composition;
  const { id, job = id, jobRevision = 1, question } = live.record;
  const iat = Math.floor(now / 1000);
  return {
    jti: orderId(id, chain),
    iss: signer.key.publicKey.kid,
    aud: chain.party,
    iat,
    nbf: iat,
    exp: iat + patience + Math.ceil(chain.limits.timeSeconds ?? 0),
    request: id,
    job,
    jobRevision,
    ...(live.token === undefined ? {} : { token: live.token }),
    question,
    archetype,
    ...(computeProvider === undefined ? {} : { computeProvider }),
    chain,
    ...(chain.place === 'dataProvider' ? { agreement: chain.agreementHash } : {}),
    dataSet: dataSetHash(dataSet),
    peers: composition.chains
      .filter(({ party, place }) => party !== chain.party || place !== chain.place)
      .map(({ party }) => ({ party, keys: signer.keysOf(party) }))
      .sort((one, other) => (one.party < other.party ? -1 : 1)),
    inputs: contentHash(inputs),
    auditHead: await signer.audit.head(),
  };
}
