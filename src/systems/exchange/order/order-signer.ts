import type { AuditLog } from '../../../kernel/audit/index.js';
import type { PublicKey, SigningKey } from '../../../kernel/identity/index.js';

/** What a gateway signs its orders with, and what it holds receipts against. */
export interface OrderSigner {
  readonly key: SigningKey;
  /** The gateway's own log: its head goes out with each order, and the parties' heads are kept in it. */
  readonly audit: AuditLog;
  /** Every key that a party was known by here; none where it is not. */
  readonly keysOf: (party: string) => readonly PublicKey[];
}
