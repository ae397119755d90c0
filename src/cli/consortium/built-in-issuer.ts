import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/index.js';
import { readRecord, replaceFile } from '../../kernel/durable-file/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  acceptKeyChanges,
  type Issuer,
  keysInForce,
  openIssuer,
  openSigningKey,
  pinKey,
  pinnedKeysSchema,
  readKeyChanges,
  rotateSigningKey,
  type TrustedIssuer,
} from '../../kernel/identity/index.js';

/** A gateway's own issuer of tokens, and how its tokens are verified. */
export interface BuiltInIssuer {
  readonly issuer: Issuer;
  /** The thumbprint of the key that it signs with. */
  readonly key: string;
  /** With its key pinned, so that nobody has to ask the gateway for it. */
  readonly trusted: TrustedIssuer;
}

const stored = z.strictObject({
  issuer: z.url(),
  audience: z.string().min(1),
  /** Its keys, since the private half of an earlier one is gone; absent before it was first opened with them. */
  keys: pinnedKeysSchema.exactOptional(),
});
type Stored = z.infer<typeof stored>;

/** The file of the key that the issuer in a gateway's folder signs with. */
export const issuerKeyFile = (folder: string): string => join(folder, 'keys', 'issuer.key');

/**
 * The issuer in a gateway's folder. With `url`, the address that the gateway is called by, its tokens are of that address from
 * now on; without, they are of the one that the gateway had last. Throws `not-found` where there was none yet.
 */
export async function openBuiltInIssuer(options: {
  readonly folder: string;
  readonly url?: string;
  readonly clock: Clock;
}): Promise<BuiltInIssuer> {
  const { folder, url, clock } = options;
  const file = join(folder, 'issuer.json');
  if (url !== undefined) await mkdir(folder, { recursive: true, mode: 0o750 });
  const before = await readRecord(file, stored);
  const issuer = url ?? before?.issuer;
  if (issuer === undefined) {
    const message = `${folder} has no issuer of tokens. Name the folder of a gateway with --data, and start it once with \`starling serve gateway\` or \`starling up --auth\`.`;
    throw new StarlingError('not-found', message, { details: { folder } });
  }
  const audience = before?.audience ?? 'starling';
  const key = await openSigningKey(issuerKeyFile(folder));
  const changes = await readKeyChanges(issuerKeyFile(folder));
  const keys = await acceptKeyChanges(before?.keys ?? pinKey(key.publicKey), changes, clock.wallTime());
  const now: Stored = { issuer, audience, keys };
  if (JSON.stringify(now) !== JSON.stringify(before)) await replaceFile(file, `${JSON.stringify(now)}\n`);
  const [, ...earlier] = keysInForce(keys, clock.wallTime());
  return {
    key: key.publicKey.kid,
    issuer: openIssuer({ key, earlier, changes, issuer, audience, clock }),
    trusted: { issuer, audience, keys: [key.publicKey, ...earlier] },
  };
}

/**
 * Rotates the key of the issuer in a folder that no process has. Throws `not-found` where it has none.
 *
 * @returns thumbprints of the old and the new key
 */
export async function rotateStoppedIssuer(
  folder: string,
  clock: Clock,
): Promise<{ readonly from: string; readonly to: string }> {
  // opened before it is rotated, since what is kept of the old key comes from there
  const { key: from } = await openBuiltInIssuer({ folder, clock });
  await rotateSigningKey(issuerKeyFile(folder), clock);
  const { key: to } = await openBuiltInIssuer({ folder, clock });
  return { from, to };
}
