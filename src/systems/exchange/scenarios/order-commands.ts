import { contentHash } from '../../../kernel/identity/index.js';
import { madeClaims, madeInputs } from '../agent/made-order.js';
import { refusalReasons } from '../agent/verify-order.js';
import { claimReasons } from '../order/index.js';
import { argument, type Command, fields } from './command.js';
import { decide, decideChains } from './request-commands.js';
import type { SignedBy, World } from './world.js';

/** How long an order of the scenarios is in force, in seconds. */
const inForce = 60;

/** Why a party does not take an order; a taken one counts as given from then on. */
function refusals(world: World, party: string, { claims, signer }: SignedBy): string[] {
  const { catalogue, gateways, taken, now } = world;
  const inputs = madeInputs(claims.chain);
  const reasons = claimReasons(claims, {
    party,
    signer,
    gatewayKeys: gateways.get(party) ?? [],
    inputs: { count: inputs.length, hash: contentHash(inputs) },
    requester: 'open',
    now,
  });
  const entry = catalogue.agreements.get(party);
  const agreement = entry === undefined ? undefined : { agreement: entry.value, version: entry.revision };
  const own = { party, agreement, declarations: catalogue, now };
  const key = `${party} ${claims.jti}`;
  const all = refusalReasons({ claims, reasons }, own, taken.has(key));
  if (all.length === 0) taken.add(key);
  return all;
}

/** Commands about signed orders. */
export const orderCommands: Readonly<Record<string, Command>> = {
  /** `enrol PARTY GATEWAY`: the party takes orders of this gateway. */
  enrol: (world, words) => {
    const [party, gateway] = [argument(words, 0), argument(words, 1)];
    world.gateways.set(party, [...(world.gateways.get(party) ?? []), gateway]);
    return [`${party} takes orders of ${gateway}`];
  },

  /**
   * `order ORDER GATEWAY PARTY USER`: the gateway signs what it asks of the party, with the rest of the request as body; there,
   * `as` is the gateway that it says it is, and `repeats` an order whose id it uses again.
   */
  order: (world, words, body) => {
    const [id, signer, party] = [argument(words, 0), argument(words, 1), argument(words, 2)];
    const { as: iss = signer, repeats: jti = id, ...asked } = fields(body);
    const decided = decide(world, words.slice(3), asked);
    const composition = decideChains(world, decided);
    const iat = Math.floor(world.now / 1000);
    const claims = madeClaims({ question: decided.request, composition, catalogue: world.catalogue }, party, {
      jti: String(jti),
      iss: String(iss),
      iat,
      nbf: iat,
      exp: iat + inForce,
    });
    world.orders.set(id, { claims, signer });
    const name = claims.iss === signer ? '' : ` in the name of ${claims.iss}`;
    return [`${id} is signed by ${signer}${name} for ${party}`];
  },

  /** `give PARTY ORDER`. */
  give: (world, words) => {
    const [party, id] = [argument(words, 0), argument(words, 1)];
    const order = world.orders.get(id);
    if (order === undefined) throw new Error(`There is no order ${id}.`);
    const reasons = refusals(world, party, order);
    if (reasons.length === 0) return [`${party} takes ${id}`];
    return [`${party} refuses ${id}`, ...reasons.map((reason) => `  ${reason}`)];
  },
};
