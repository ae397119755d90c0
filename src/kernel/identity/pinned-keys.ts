import { z } from 'zod';
import type { PinnedKeys, PublicKey } from './identity.js';
import { verifyKeyChange } from './key-change.js';
import { publicKeySchema } from './public-key.js';
import { claimedSigner } from './signed.js';

/** How long after a change of keys what the earlier key signs still counts as new, in milliseconds. */
export const keyGraceMs = 24 * 3600 * 1000;

/** Pinned keys as they are stored. */
export const pinnedKeysSchema = z.strictObject({
  current: publicKeySchema,
  earlier: z.array(z.strictObject({ key: publicKeySchema, until: z.iso.datetime() }).readonly()).readonly(),
});

/** The first key of somebody. */
export function pinKey(key: PublicKey): PinnedKeys {
  return { current: key, earlier: [] };
}

/** The keys that what is signed now may have: the current one, and an earlier one within its grace. `wallTime` in milliseconds. */
export function keysInForce({ current, earlier }: PinnedKeys, wallTime: number): readonly PublicKey[] {
  return [current, ...earlier.filter(({ until }) => wallTime < Date.parse(until)).map(({ key }) => key)];
}

/** Every key that was ever pinned, for what was signed long ago: agreements, receipts, audit heads. */
export function everyKey({ current, earlier }: PinnedKeys): readonly PublicKey[] {
  return [current, ...earlier.map(({ key }) => key)];
}

/**
 * The pinned keys after the changes that `statements` tell of, in order (`readKeyChanges` of the other side). Those from
 * before the current key are passed over; only the current key can name the next one, so that an earlier key that leaked
 * is of no use. Throws `signature-invalid` for a statement of the current key that does not hold.
 */
export async function acceptKeyChanges(
  pinned: PinnedKeys,
  statements: readonly string[],
  wallTime: number,
): Promise<PinnedKeys> {
  let { current, earlier } = pinned;
  for (const statement of statements) {
    if (claimedSigner(statement, 'starling-key+jwt') !== current.kid) continue;
    const next = await verifyKeyChange(statement, [current]);
    earlier = [...earlier, { key: current, until: new Date(wallTime + keyGraceMs).toISOString() }];
    current = next;
  }
  return { current, earlier };
}
