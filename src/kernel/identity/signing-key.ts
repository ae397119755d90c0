import { CompactSign } from 'jose';
import type { SigningKey } from './identity.js';
import { openKeyFile, type StoredKey } from './key-file.js';

/**
 * The Ed25519 key in `file` (PKCS #8, PEM): made once, readable by its owner alone. Throws `storage-full`, and
 * `storage-failed` where it cannot be written or read, is damaged, or is something else.
 */
export async function openSigningKey(file: string): Promise<SigningKey> {
  return signingKey(await openKeyFile(file));
}

/** What signs with a stored key. */
export function signingKey({ privateKey, publicKey }: StoredKey): SigningKey {
  return {
    publicKey,
    sign: (type, payload) =>
      new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: publicKey.kid })
        .sign(privateKey),
  };
}
