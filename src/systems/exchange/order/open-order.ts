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
import { claimReasons, foreignKey } from './claim-reasons.js';
import type { Order, OrderClaims } from './order-claims.js';
import { orderSchema } from './order-schema.js';
import { orderRefused } from './refused.js';
import { findRequester } from './requester-reasons.js';

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
  'unknown-key': foreignKey,
  'bad-signature': 'Its signature does not fit: it was altered after it was signed.',
};

/**
 * The claims of an order, with every reason to refuse it that lies neither in the party's agreement nor in what it was given
 * before. Throws
 * `order-refused` where the gateway did not sign it, or signed something of another form: nothing in it is believed then.
 */
export async function openOrder(order: Order, ground: OrderGround): Promise<OpenedOrder> {
  const { party, gatewayKeys, people, now } = ground;
  const claims = await signedClaims(order, ground);
  const reasons = claimReasons(claims, {
    party,
    signer: claimedSigner(order.signed, 'starling-order+jwt'),
    gatewayKeys: gatewayKeys.map(({ kid }) => kid),
    inputs: { count: order.inputs.length, hash: contentHash(order.inputs) },
    requester: await findRequester(claims.token, people),
    now,
  });
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
