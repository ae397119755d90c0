import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SigningKey } from './identity.js';
import { publicKeyOf } from './public-key.js';
import { signingKey } from './signing-key.js';

/** A key for a test, in no file; with its private half, so that a test can sign what it should not. */
export function madeKey(): SigningKey & { readonly privateKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { ...signingKey({ privateKey, publicKey: publicKeyOf(x) }), privateKey };
}
