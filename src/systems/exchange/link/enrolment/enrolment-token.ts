import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { partyId } from '../../model/names.js';

const prefix = 'starling-enrol.';

const content = z.strictObject({
  v: z.literal(1),
  url: z.url({ protocol: /^https?$/ }),
  gatewayKey: z.string(),
  party: partyId,
  secret: z.string().min(32),
  expiresAt: z.iso.datetime(),
});

/** What an invitation tells the party that is invited. */
export interface EnrolmentToken {
  /** The gateway's address. */
  readonly url: string;
  /** Thumbprint of the gateway's key, so that no other gateway can stand in for it. */
  readonly gatewayKey: string;
  readonly party: string;
  /** Whoever has it may enrol as the party, once. */
  readonly secret: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** The token as one word that can be copied. */
export function formatEnrolmentToken(token: EnrolmentToken): string {
  const { url, gatewayKey, party, secret, expiresAt } = token;
  const text = JSON.stringify({ v: 1, url, gatewayKey, party, secret, expiresAt });
  return prefix + Buffer.from(text).toString('base64url');
}

/** Reads the word back. Throws `enrolment-refused` where it is none or was cut. */
export function parseEnrolmentToken(text: string): EnrolmentToken {
  const word = text.trim();
  if (word.startsWith(prefix) && word.length <= 4096) {
    try {
      const { v: _, ...token } = content.parse(
        JSON.parse(Buffer.from(word.slice(prefix.length), 'base64url').toString('utf8')),
      );
      return token;
    } catch (cause) {
      throw unreadable(cause);
    }
  }
  throw unreadable();
}

/** What the gateway keeps of a secret, and both ends sign: SHA-256, in base64url. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function unreadable(cause?: unknown): StarlingError {
  return new StarlingError(
    'enrolment-refused',
    `The enrolment token cannot be read. It is one word that begins with ${prefix}; copy it whole, or ask for a new invitation.`,
    { details: { reason: 'malformed' }, cause },
  );
}
