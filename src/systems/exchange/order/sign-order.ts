import type { SigningKey } from '../../../kernel/identity/index.js';
import type { OrderClaims } from './order-claims.js';

/** An order as a compact JWS. */
export function signOrder(claims: OrderClaims, key: SigningKey): Promise<string> {
  return key.sign('starling-order+jwt', claims);
}
