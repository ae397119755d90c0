import { generateKeyPairSync, sign } from 'node:crypto';
import type { SigningKey } from './identity.js';
import { openKeyFile, type StoredKey } from './key-file.js';
import { publicKeyOf } from './public-key.js';

/**
 * The Ed25519 key in `file` (PKCS #8, PEM): made once, readable by its owner alone. Throws `storage-full`, and
 * `storage-failed` where it cannot be written or read, is damaged, or is something else.
 */
export async function openSigningKey(file: string): Promise<SigningKey> {
  return signingKey(await openKeyFile(file));
}

/** A new key in no file: what it signed can be verified only as long as somebody remembers its public half. */
export function makeSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return signingKey({ privateKey, publicKey: publicKeyOf(x) });
}

/** What signs with a stored key. */
export function signingKey({ privateKey, publicKey }: StoredKey): SigningKey {
  return {
    publicKey,
    // on this thread, as `verifySigned` does
    sign: async (type, payload) => {
      const header = { alg: 'EdDSA', typ: type, kid: publicKey.kid };
      const input = `${base64url(header)}.${base64url(payload)}`;
      return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
    },
  };
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
