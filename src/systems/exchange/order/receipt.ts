import type { AuditHead } from '../../../kernel/audit/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { type PublicKey, type SigningKey, verifySigned } from '../../../kernel/identity/index.js';
import { issueText, validate } from '../model/index.js';
import { openHead } from './audit-head.js';
import type { OrderClaims, ReceiptClaims } from './order-claims.js';
import { receiptSchema } from './order-schema.js';

/** A receipt as a compact JWS. */
export function signReceipt(claims: ReceiptClaims, key: SigningKey): Promise<string> {
  return key.sign('starling-receipt+jwt', claims);
}

/** A receipt that the party signed for an order, with the head of its log. */
export interface OpenedReceipt {
  readonly claims: ReceiptClaims;
  readonly head: AuditHead;
}

/**
 * Holds a receipt against the order that it is for. `keys`: those that the party is known by. Throws `signature-invalid`
 * where the party did not sign it, or signed it for another order, gateway or log.
 */
export async function openReceipt(
  receipt: string,
  order: Pick<OrderClaims, 'jti' | 'request' | 'iss' | 'aud'>,
  keys: readonly PublicKey[],
): Promise<OpenedReceipt> {
  const { aud: party } = order;
  const forged = (why: string) =>
    new StarlingError(
      'signature-invalid',
      `The receipt for order ${order.jti} is not one of ${party}: ${why} Its answer is not taken; ask the operator of ${party}.`,
      { details: { party, order: order.jti } },
    );
  const read = validate(receiptSchema, await verifySigned(receipt, 'starling-receipt+jwt', keys));
  if (!read.ok) throw forged(`${read.issues.map(issueText).join('; ')}.`);
  const claims = read.value;
  for (const [what, said, meant] of [
    ['order', claims.order, order.jti],
    ['request', claims.request, order.request],
    ['party', claims.iss, party],
    ['gateway', claims.aud, order.iss],
  ] as const) {
    if (said !== meant) throw forged(`it is for ${what} ${said}, not ${meant}.`);
  }
  const head = await openHead(claims.auditHead, keys, party);
  if (head === undefined) throw forged('the head of its log is not signed by the party.');
  return { claims, head };
}
