import { z } from 'zod';
import { contentHash } from './canonical-json.js';
import type { PublicKey } from './identity.js';

const ed25519 = { kty: 'OKP', crv: 'Ed25519' } as const;

/** A public key that came from elsewhere; refused where its `kid` is not its own thumbprint. */
export const publicKeySchema = z
  .strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    // 32 bytes in base64url
    x: z.string().regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/, 'write 32 bytes in base64url'),
    kid: z.string(),
  })
  .refine((key) => key.kid === thumbprint(key.x), {
    message: 'is not the thumbprint of the key',
    path: ['kid'],
  })
  .readonly();

/** The public key with the coordinate `x` (base64url), named by its thumbprint. */
export function publicKeyOf(x: string): PublicKey {
  return { ...ed25519, x, kid: thumbprint(x) };
}

// RFC 7638 hashes the members in the order of their names without white space: canonical JSON
function thumbprint(x: string): string {
  return contentHash({ ...ed25519, x });
}
