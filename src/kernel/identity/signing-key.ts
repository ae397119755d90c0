import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CompactSign, calculateJwkThumbprint } from 'jose';
import { isSystemError, StarlingError } from '../errors/index.js';
import type { PublicKey, SigningKey } from './identity.js';

/**
 * The Ed25519 key in `file` (PKCS #8, PEM): made once, readable by its owner alone. Throws `storage-full`, and
 * `storage-failed` where it cannot be written or read, or holds something else.
 */
export async function openSigningKey(file: string): Promise<SigningKey> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o750 });
    const handle = await open(file, 'wx', 0o600);
    try {
      const { privateKey } = generateKeyPairSync('ed25519');
      await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) {
      throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be written`);
    }
  }
  return signingKey(createPrivateKey(await readFile(file, 'utf8')));
}

async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  const publicKey: PublicKey = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
  return {
    publicKey,
    sign: (type, payload) =>
      new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: publicKey.kid })
        .sign(privateKey),
  };
}
