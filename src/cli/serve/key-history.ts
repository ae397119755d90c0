import { join } from 'node:path';
import {
  claimedSigner,
  openSigningKey,
  readKeyChanges,
  type SigningKey,
} from '../../kernel/identity/index.js';

/** A key with the changes that led to it. */
export interface KeyHistory {
  readonly key: SigningKey;
  /** Statements of the changes, oldest first. */
  readonly changes: readonly string[];
  /** The thumbprint of the first key of all. */
  readonly first: string;
}

/** The key `name` in the folder of a gateway or an agent, made where there is none. */
export async function openKeyHistory(folder: string, name: 'gateway' | 'party'): Promise<KeyHistory> {
  const file = join(folder, 'keys', `${name}.key`);
  const key = await openSigningKey(file);
  const changes = await readKeyChanges(file);
  const [oldest] = changes;
  const first = oldest === undefined ? undefined : claimedSigner(oldest, 'starling-key+jwt');
  return { key, changes, first: first ?? key.publicKey.kid };
}
