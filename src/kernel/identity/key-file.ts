import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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

/** Puts `content` at `file` in one step, readable by its owner alone: `replace` over what is there, else only if nothing is. */
export async function placeFile(file: string, content: string, how: 'replace' | 'make'): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await writeSynced(temporary, content);
    if (how === 'replace') await rename(temporary, file);
    else await link(temporary, file);
    await syncFolder(folder);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A name in a folder must outlive a power cut, too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeKeyFile(file: string): Promise<StoredKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    await placeFile(file, text, 'make');
    return storedKey(privateKey);
  } catch (error) {
    const made = isSystemError(error, 'EEXIST') ? await readKeyFile(file) : undefined;
    if (made !== undefined) return made;
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be written`);
  }
}

async function writeSynced(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function storedKey(privateKey: KeyObject): StoredKey {
  const { crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined)
    throw new TypeError(`A key of type ${privateKey.asymmetricKeyType}`);
  return { privateKey, publicKey: publicKeyOf(x) };
}
