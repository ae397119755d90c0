import { contentHash } from '../../../kernel/identity/index.js';
import type { Agreement } from './agreement.js';

const hashes = new WeakMap<Agreement, string>();

/**
 * What an order says of the agreement that it rests on: the hash of its content, whoever stores it. Remembered by object,
 * since every request asks for it.
 */
export function agreementHash(agreement: Agreement): string {
  const known = hashes.get(agreement);
  if (known !== undefined) return known;
  const hash = contentHash(agreement);
  hashes.set(agreement, hash);
  return hash;
}
