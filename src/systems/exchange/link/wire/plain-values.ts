import { z } from 'zod';
import { type ErrorRecord, isErrorCode } from '../../../../kernel/errors/index.js';
import type { PublicKey } from '../../../../kernel/identity/index.js';

/** How many. */
export const count = z.number().int().nonnegative();
/** A length of time. */
export const milliseconds = z.number().nonnegative();
/** Any text. */
export const text = z.string();
/** A compact JWS. */
export const jws = z.string().max(1024 * 1024);

/** An Ed25519 public key; whoever pins it checks that `kid` is its thumbprint. */
export const publicKey: z.ZodType<PublicKey> = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: text.regex(/^[A-Za-z0-9_-]{43}$/),
  kid: text.regex(/^[A-Za-z0-9_-]{43}$/),
});

/** An error of the other end. A code that is not known here stands for an error of Starling itself. */
export const errorRecord: z.ZodType<ErrorRecord> = z
  .object({ code: text, message: text, details: z.record(text, z.unknown()).exactOptional() })
  .transform((record) => ({
    ...record,
    code: isErrorCode(record.code) ? record.code : ('internal' as const),
  }));
