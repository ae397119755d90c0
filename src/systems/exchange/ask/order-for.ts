import { contentHash } from '../../../kernel/identity/index.js';
import type { AgentDirectory } from '../agent/index.js';
import { type Chain, type Composition, chainsOf } from '../compose/index.js';
import { type DataSet, dataSetHash, type Fit } from '../model/index.js';
import { type OrderClaims, type OrderPeer, type OrderSigner, orderId } from '../order/index.js';
import type { Part } from '../place/index.js';
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
  /** The round, of an algorithm that goes over the rows several times; absent for the first pass. */
  readonly fit?: Fit | undefined;
  readonly signer: OrderSigner;
  readonly directory: AgentDirectory;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What the gateway signs for one chain of a request. */
export async function orderClaims(parts: OrderParts): Promise<OrderClaims> {
  const { live, composition, chain, inputs, dataSet, fit, signer, directory, now } = parts;
  const { id, job = id, jobRevision = 1, question } = live.record;
  const iat = Math.floor(now / 1000);
  return {
    jti: orderId(id, chain, fit?.round),
    iss: signer.key.publicKey.kid,
    aud: chain.party,
    iat,
    nbf: iat,
    exp: iat + lifetime(chain),
    request: id,
    job,
    jobRevision,
    ...(live.token === undefined ? {} : { token: live.token }),
    question,
    chain,
    ...(chain.place === 'dataProvider' ? { agreement: chain.agreementHash } : {}),
    dataSet: dataSetHash(dataSet),
    peers: peersOf(chain, composition).map((peer) => ({
      party: peer.party,
      keys: signer.keysOf(peer.party),
      ...rowsAddress(id, chain, peer, directory),
    })),
    ...(fit === undefined ? {} : { fit }),
    inputs: contentHash(inputs),
    auditHead: await signer.audit.head(),
  };
}

/**
 * The other parties of a chain's part, sorted; a party that is both provider and compute provider is its own peer, and the
 * others' once, as the latter.
 */
function peersOf(chain: Chain, { parts, chains }: Composition): Chain[] {
  const part = parts.find((one) => one.archetype === chain.archetype && takesPart(chain, one));
  if (part === undefined) return [];
  const { providers, compute } = chainsOf(part, chains);
  const others = [...providers, ...(compute === undefined ? [] : [compute])].filter(
    ({ party, place }) => party !== chain.party || place !== chain.place,
  );
  return [...new Map(others.map((peer) => [peer.party, peer])).values()].sort((one, other) =>
    one.party < other.party ? -1 : 1,
  );
}

/** Where the compute provider that takes a chain's rows listens, and its order, which expects them. */
function rowsAddress(
  request: string,
  { place, releases }: Chain,
  peer: Chain,
  directory: AgentDirectory,
): Pick<OrderPeer, 'address' | 'order'> {
  if (place !== 'dataProvider' || releases !== 'rows' || peer.place !== 'computeProvider') return {};
  const address = directory.get(peer.party)?.status().rowsAddress;
  return address === undefined ? {} : { address, order: orderId(request, peer) };
}

/** How long an order counts, in seconds. Who receives rows waits for those who send them besides. */
function lifetime(chain: Chain): number {
  const own = patience + Math.ceil(chain.limits.timeSeconds ?? 0);
  return chain.place === 'computeProvider' && chain.receives === 'rows' ? 2 * own : own;
}

function takesPart({ party, place }: Chain, { providers, computeProvider }: Part): boolean {
  return place === 'dataProvider' ? providers.includes(party) : computeProvider === party;
}
