import type { AuditHead } from '../../../kernel/audit/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import {
  claimedSigner,
  contentHash,
  type PublicKey,
  type TokenVerifier,
  verifySigned,
} from '../../../kernel/identity/index.js';
import { issueText, validate } from '../model/index.js';
import { gatewayOwner, openHead } from './audit-head.js';
import type { Order, OrderClaims } from './order-claims.js';
import { orderSchema } from './order-schema.js';
import { orderRefused } from './refused.js';
import { requesterReasons } from './requester-reasons.js';
import { timeReasons } from './time-reasons.js';

/** What a party knows by itself when it is given an order, whatever the order is about. */
export interface OrderGround {
  /** The party that was given the order. */
  readonly party: string;
  /** The keys that orders of its gateway may be signed with now. */
  readonly gatewayKeys: readonly PublicKey[];
  /** Who vouches for requesters; `open` where nobody does, and the gateway's word is taken. */
  readonly people: TokenVerifier | 'open';
  /** Milliseconds since 1970, by the party's own clock. */
  readonly now: number;
}

/** An order that its gateway signed. */
export interface OpenedOrder {
  readonly claims: OrderClaims;
  /** The verified head of the gateway's audit log. */
  readonly head?: AuditHead;
  /** Why it is refused all the same, in whole sentences; empty where it is sound. */
  readonly reasons: readonly string[];
}

const signatureReasons: Readonly<Record<string, string>> = {
  malformed: 'It is not a signed order.',
  unsigned: 'It is not signed.',
  'wrong-type': 'It was signed for another purpose than an order.',
  'unknown-key': 'It is signed with a key that is not of the gateway known here.',
  'bad-signature': 'Its signature does not fit: it was altered after it was signed.',
};

/**
 * The claims of an order, with every reason to refuse it that lies neither in the party's agreement nor in what it was given
 * before. Throws
 * `order-refused` where the gateway did not sign it, or signed something of another form: nothing in it is believed then.
 */
export async function openOrder(order: Order, ground: OrderGround): Promise<OpenedOrder> {
  const { party, gatewayKeys } = ground;
  const claims = await signedClaims(order, ground);
  const reasons: string[] = [];
  if (claims.iss !== claimedSigner(order.signed, 'starling-order+jwt'))
    reasons.push(`It says that it is of gateway ${claims.iss}, which did not sign it.`);
  for (const meant of new Set([claims.aud, claims.chain.party])) {
    if (meant !== party) reasons.push(`It is for ${meant}, and this is ${party}.`);
  }
  reasons.push(...timeReasons(claims, party, ground.now));
  const expected = claims.chain.receivesFrom.length;
  if (order.inputs.length !== expected)
    reasons.push(`It brings ${order.inputs.length} inputs, and ${expected} are expected.`);
  if (contentHash(order.inputs) !== claims.inputs)
    reasons.push('Its inputs are not those that the gateway signed.');
  reasons.push(...(await requesterReasons(claims, ground)));
  if (claims.auditHead === undefined) return { claims, reasons };
  const head = await openHead(claims.auditHead, gatewayKeys, gatewayOwner);
  if (head !== undefined) return { claims, head, reasons };
  return { claims, reasons: [...reasons, 'It brings a head of an audit log that its gateway did not sign.'] };
}

async function signedClaims({ signed }: Order, { party, gatewayKeys }: OrderGround): Promise<OrderClaims> {
  let payload: unknown;
  try {
    payload = await verifySigned(signed, 'starling-order+jwt', gatewayKeys);
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    if (error.code !== 'signature-invalid') throw error;
    throw orderRefused(party, [signatureReasons[String(error.details?.reason)] ?? error.message], error);
  }
  const claims = validate(orderSchema, payload);
  if (claims.ok) return claims.value;
  const faults = claims.issues.map(issueText).join('; ');
  throw orderRefused(party, [`It does not have the form of an order: ${faults}.`]);
}
