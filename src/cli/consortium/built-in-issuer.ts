import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/index.js';
import { replaceFile } from '../../kernel/durable-file/index.js';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import { type Issuer, openIssuer, openSigningKey, type TrustedIssuer } from '../../kernel/identity/index.js';

/** A gateway's own issuer of tokens, and how its tokens are verified. */
export interface BuiltInIssuer {
  readonly issuer: Issuer;
  /** With its key pinned, so that nobody has to ask the gateway for it. */
  readonly trusted: TrustedIssuer;
}

const stored = z.strictObject({ issuer: z.url(), audience: z.string().min(1) });

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
  if (url !== undefined) {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await replaceFile(file, `${JSON.stringify({ issuer: url, audience: 'starling' })}\n`);
  }
  const { issuer, audience } = await readIssuer(file, folder);
  const key = await openSigningKey(join(folder, 'keys', 'issuer.key'));
  return {
    issuer: openIssuer({ key, issuer, audience, clock }),
    trusted: { issuer, audience, keys: [key.publicKey] },
  };
}

async function readIssuer(file: string, folder: string): Promise<z.infer<typeof stored>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (!isSystemError(cause, 'ENOENT'))
      throw StarlingError.from(cause, 'storage-failed', `${file} cannot be read`);
    const message = `${folder} has no issuer of tokens. Name the folder of a gateway with --data, and start it once with \`starling serve gateway\` or \`starling up --auth\`.`;
    throw new StarlingError('not-found', message, { cause, details: { folder } });
  }
  try {
    return stored.parse(JSON.parse(text));
  } catch (cause) {
    throw new StarlingError('storage-failed', `${file} is damaged. Restore it from a backup.`, { cause });
  }
}
