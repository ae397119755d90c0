import { type AuditHead, verifyAuditHead } from '../../../kernel/audit/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { PublicKey } from '../../../kernel/identity/index.js';

/** Whose log a gateway's is, in its heads. */
export const gatewayOwner = 'gateway';

/** What the head of `owner`'s log says, where one of `keys` signed it; else nothing. */
export async function openHead(
  head: string,
  keys: readonly PublicKey[],
  owner: string,
): Promise<AuditHead | undefined> {
  try {
    return await verifyAuditHead(head, keys, owner);
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    if (error.code !== 'signature-invalid') throw error;
    return undefined;
  }
}
