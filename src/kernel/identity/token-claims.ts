import { z } from 'zod';
import { StarlingError } from '../errors/index.js';
import { clockToleranceMs, type WallReading } from './clock-jumps.js';
import type { Person, TrustedIssuer } from './identity.js';
import { isRole, rolesOf } from './roles.js';

/** Why a token is not believed. */
export type TokenFault =
  | 'malformed'
  | 'unsigned'
  | 'unknown-issuer'
  | 'wrong-audience'
  | 'bad-signature'
  | 'expired'
  | 'no-user';

/** When a token counts, in milliseconds since 1970. */
export interface TokenTimes {
  /** When it was made, or from when on it counts, whichever is later; absent where it says neither. */
  readonly from?: number;
  readonly until: number;
}

const seconds = z
  .number()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER / 1000);
const timesSchema = z.object({ exp: seconds, iat: seconds.optional(), nbf: seconds.optional() });
const longestId = 200;

/** The error for a token that is not believed. */
export function tokenFault(reason: TokenFault, why: string, cause?: unknown): StarlingError {
  return new StarlingError('token-invalid', `The token is not believed: ${why}`, {
    details: { reason },
    cause,
  });
}

/** When the token with these claims counts. Throws `token-invalid`; one that never ends is malformed. */
export function readTimes(claims: object): TokenTimes {
  const parsed = timesSchema.safeParse(claims);
  if (!parsed.success) throw tokenFault('malformed', 'it does not say until when it counts (exp, iat, nbf).');
  const { exp, iat, nbf } = parsed.data;
  const starts = [iat, nbf].filter((start) => start !== undefined);
  return { until: exp * 1000, ...(starts.length === 0 ? {} : { from: Math.max(...starts) * 1000 }) };
}

/**
 * Throws unless the token counts now: `clock-skewed` where it is of the future, or where it counted until the clock here
 * jumped, and else `token-invalid`, `expired`.
 */
export function assertTimes(times: TokenTimes, { wallTime, jumpedByMs }: WallReading, issuer: string): void {
  const fault = timeFault(times, wallTime);
  if (fault === undefined) return;
  const details = {
    issuer,
    clock: iso(wallTime),
    ...(times.from === undefined ? {} : { from: iso(times.from) }),
    until: iso(times.until),
  };
  if (jumpedByMs !== undefined && timeFault(times, wallTime - jumpedByMs) === undefined) {
    throw new StarlingError(
      'clock-skewed',
      `The clock of this machine jumped by ${Math.round(jumpedByMs / 1000)} seconds to ${details.clock}, and by it the token of ${issuer} does not count (it ends ${details.until}). Have the clock set here, or get a new token.`,
      { details: { ...details, jumpedByMs } },
    );
  }
  if (fault === 'early') {
    throw new StarlingError(
      'clock-skewed',
      `The token counts from ${details.from} on, and the clock of this machine says ${details.clock}. Have the clock set on this machine or at ${issuer}, whichever is wrong.`,
      { details },
    );
  }
  throw new StarlingError(
    'token-invalid',
    `The token is not believed: it ended ${details.until}, and it is ${details.clock} here. Get a new one from ${issuer}.`,
    { details: { ...details, reason: 'expired' } },
  );
}

/** The person whom the claims of a verified token are about. Throws `token-invalid`: `wrong-audience`, `no-user`. */
export function readPerson(claims: Readonly<Record<string, unknown>>, trusted: TrustedIssuer): Person {
  const { issuer, audience, userClaim = 'sub', rolesClaim = 'starling_roles', grants = {} } = trusted;
  const audiences = [claims.aud].flat();
  if (!audiences.includes(audience)) {
    throw tokenFault(
      'wrong-audience',
      `it is meant for ${JSON.stringify(claims.aud)}, not for "${audience}".`,
    );
  }
  const id = claims[userClaim];
  if (typeof id !== 'string' || !isPersonId(id)) {
    throw tokenFault('no-user', `its claim "${userClaim}" does not name a person.`);
  }
  // a text like "operator" is no list of roles: not guessed at
  const stated = Array.isArray(claims[rolesClaim]) ? claims[rolesClaim] : [];
  const granted = Object.hasOwn(grants, id) ? (grants[id] ?? []) : [];
  return {
    id,
    ...(typeof claims.name === 'string' && isPersonId(claims.name) ? { name: claims.name } : {}),
    roles: rolesOf([...stated.filter(isRole), ...granted]),
    issuer,
  };
}

/** True where `id` can name a person: 1 to 200 characters, none of them a control character or at its edges a space. */
export function isPersonId(id: string): boolean {
  return id.length <= longestId && /^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$/u.test(id);
}

function timeFault({ from, until }: TokenTimes, wallTime: number): 'early' | 'expired' | undefined {
  if (from !== undefined && from > wallTime + clockToleranceMs) return 'early';
  return until + clockToleranceMs <= wallTime ? 'expired' : undefined;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
