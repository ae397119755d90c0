import type { AuditLog } from '../../../kernel/audit/index.js';
import type { PublicKey, SigningKey } from '../../../kernel/identity/index.js';

/** A gateway as an agent has pinned it. */
export interface KnownGateway {
  /** The thumbprint of its first key: its name in orders, also after it has another key. */
  readonly id: string;
  /** The keys that its orders may be signed with now. */
  readonly keys: readonly PublicKey[];
}

/** What a gateway signs its orders with, and what it holds receipts against. */
export interface OrderSigner {
  /** As `KnownGateway.id`. */
  readonly id: string;
  readonly key: SigningKey;
  /** The gateway's own log: its head goes out with each order, and the parties' heads are kept in it. */
  readonly audit: AuditLog;
  /** The keys that a party is known by here; none where it is not. */
  readonly keysOf: (party: string) => readonly PublicKey[];
}
