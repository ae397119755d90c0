import { z } from 'zod';
import { StarlingError } from '../errors/index.js';
import { type PublicKey, type SigningKey, verifySigned } from '../identity/index.js';
import type { AuditHead } from './audit-log.js';

const headSchema = z
  .strictObject({
    owner: z.string().min(1),
    sequence: z.int().min(0),
    hash: z.string(),
    at: z.iso.datetime(),
  })
  .readonly();

/** The head as a compact JWS that binds its owner. */
export function signAuditHead(head: AuditHead, key: SigningKey): Promise<string> {
  return key.sign('starling-audit-head+jwt', head);
}

/**
 * The head that one of `keys` signed: every key that the owner ever had, since heads are kept for years. Throws
 * `signature-invalid`, also where it is of somebody else's log than `owner`'s.
 */
export async function verifyAuditHead(
  signed: string,
  keys: readonly PublicKey[],
  owner: string,
): Promise<AuditHead> {
  const parsed = headSchema.safeParse(await verifySigned(signed, 'starling-audit-head+jwt', keys));
  if (parsed.success && parsed.data.owner === owner) return parsed.data;
  throw new StarlingError(
    'signature-invalid',
    `What was signed is no head of the audit log of ${owner}. Ask whoever sent it.`,
    { details: { reason: 'malformed', owner } },
  );
}
