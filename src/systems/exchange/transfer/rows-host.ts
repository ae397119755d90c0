import { z } from 'zod';
import { validate } from '../model/index.js';
import { transferRefused } from './transfer-refused.js';

/** The name in every listener's certificate: who it is, its party's signature says. */
export const rowsHostName = 'rows.starling.internal';

/** Below a listener's address: who is there, and where rows go. */
export const hostPath = '/rows/v1/host';
export const rowsPath = '/rows/v1/transfers';

/** Bytes of what a listener says of itself, and of what comes with rows. */
export const mostHeaderBytes = 64 * 1024;

const jws = z.string().max(8_192);

/** What a listener says of itself: a statement of its party, and the changes of keys that led to the key that signed it. */
export const hostAnswer = z.strictObject({ statement: jws, changes: z.array(jws).max(64) });
export type HostAnswer = Readonly<z.infer<typeof hostAnswer>>;

/** What a party signs (`starling-rows-host+jwt`): that what this authority signed is its own listener. */
const hostStatement = z.strictObject({ party: z.string(), authority: z.string(), iat: z.number() });
export type HostStatement = Readonly<z.infer<typeof hostStatement>>;

/** The statement in a payload that was verified. Throws `order-refused`. */
export function readStatement(payload: unknown): HostStatement {
  const read = validate(hostStatement, payload);
  if (read.ok) return read.value;
  throw transferRefused('what listens there says something else of itself than a party does');
}

/** What came whole: how many bytes, and their SHA-256 in base64url. */
export const takenAnswer = z.strictObject({ bytes: z.int().min(0), hash: z.string().max(64) });
