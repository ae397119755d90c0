import type { OrderClaims } from './order-claims.js';
import { type Requester, requesterReasons } from './requester-reasons.js';
import { roundReasons } from './round-reasons.js';
import { timeReasons } from './time-reasons.js';

/** What a party found out about an order that it was given, and what it knows by itself. */
export interface ClaimGround {
  /** The party that was given the order. */
  readonly party: string;
  /** Thumbprint of the key that signed it. */
  readonly signer: string | undefined;
  /** Thumbprints of the keys that orders of the party's gateway may be signed with now. */
  readonly gatewayKeys: readonly string[];
  /** How many inputs came beside the order, and their `contentHash`. */
  readonly inputs: { readonly count: number; readonly hash: string };
  /** What the token in the order says of who asks. */
  readonly requester: Requester;
  /** Milliseconds since 1970, by the party's own clock. */
  readonly now: number;
}

/** Why an order of a gateway that the party does not take orders of is refused. */
export const foreignKey = 'It is signed with a key that is not of the gateway known here.';

/**
 * Every reason to refuse an order that lies neither in the party's agreement nor in what it was given before, in whole
 * sentences; empty where it is sound. Nothing that a stranger signed is looked at. Pure.
 */
export function claimReasons(claims: OrderClaims, ground: ClaimGround): string[] {
  const { party, signer, gatewayKeys, inputs, requester, now } = ground;
  if (signer === undefined || !gatewayKeys.includes(signer)) return [foreignKey];
  const reasons: string[] = [];
  if (claims.iss !== signer)
    reasons.push(`It says that it is of gateway ${claims.iss}, which did not sign it.`);
  for (const meant of new Set([claims.aud, claims.chain.party])) {
    if (meant !== party) reasons.push(`It is for ${meant}, and this is ${party}.`);
  }
  reasons.push(...timeReasons(claims, party, now));
  const { chain } = claims;
  // rows come from the providers' agents themselves
  const expected =
    chain.place === 'computeProvider' && chain.receives === 'rows' ? 0 : chain.receivesFrom.length;
  if (inputs.count !== expected)
    reasons.push(`It brings ${inputs.count} inputs, and ${expected} are expected.`);
  if (inputs.hash !== claims.inputs) reasons.push('Its inputs are not those that the gateway signed.');
  reasons.push(...roundReasons(claims));
  return [...reasons, ...requesterReasons(claims.question.user.id, requester, party)];
}
