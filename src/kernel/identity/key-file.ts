import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFile } from '../durable-file/index.js';
import { isSystemError, StarlingError } from '../errors/index.js';
import type { PublicKey } from './identity.js';
import { publicKeyOf } from './public-key.js';

/** A private key as its file holds it. */
export interface StoredKey {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
}

/**
 * The Ed25519 key in `file` (PKCS #8, PEM), made where there is none. A key is in its place whole and synced or not at
 * all; where two make one at once, both get the same. Throws as `openSigningKey` does.
 */
export async function openKeyFile(file: string): Promise<StoredKey> {
  return (await readKeyFile(file)) ?? makeKeyFile(file);
}

/** The key in `file`; undefined where there is no such file. */
export async function readKeyFile(file: string): Promise<StoredKey | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be read`);
  }
  try {
    return storedKey(createPrivateKey(text));
  } catch (error) {
    throw new StarlingError(
      'storage-failed',
      `The key ${file} is damaged or is no Ed25519 key. Restore it from a backup; who has none enrols again with a new key.`,
      { cause: error, details: { file } },
    );
  }
}

async function makeKeyFile(file: string): Promise<StoredKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o750 });
    await makeFile(file, text, 0o600);
    return storedKey(privateKey);
  } catch (error) {
    const made = isSystemError(error, 'EEXIST') ? await readKeyFile(file) : undefined;
    if (made !== undefined) return made;
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be written`);
  }
}

function storedKey(privateKey: KeyObject): StoredKey {
  const { crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined)
    throw new TypeError(`A key of type ${privateKey.asymmetricKeyType}`);
  return { privateKey, publicKey: publicKeyOf(x) };
}
