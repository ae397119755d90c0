import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import type { PublicKey, Role, SigningKey } from './identity.js';
import { keyChangesMember } from './issuer-keys.js';
import { isRole, rolesOf } from './roles.js';
import { isPersonId } from './token-claims.js';

/** The most seconds that a token may count: a year, for a machine that asks every night. */
export const longestTokenSeconds = 366 * 24 * 3600;

export interface IssuerOptions {
  readonly key: SigningKey;
  /** Keys whose tokens still count, after a change of keys. */
  readonly earlier?: readonly PublicKey[];
  /** Statements of the changes that led to the key, oldest first. */
  readonly changes?: readonly string[];
  /** The `iss` of its tokens: the URL that its documents are served under, without `/` at its end. */
  readonly issuer: string;
  /** The `aud` of its tokens. */
  readonly audience: string;
  readonly clock: Clock;
}

/** For whom a token is made. */
export interface TokenRequest {
  readonly user: string;
  readonly name?: string;
  readonly roles: readonly Role[];
  /** From 1 to a year. */
  readonly ttlSeconds: number;
}

/** The built-in issuer. */
export interface Issuer {
  /** A token (RFC 9068). Throws `input-invalid`. */
  mint(request: TokenRequest): Promise<string>;
  /** Its OpenID discovery document, for `/.well-known/openid-configuration`. */
  discovery(): object;
  /** Its keys, the one that it signs with first, and how they came about; for `/.well-known/jwks.json`. */
  jwks(): object;
}

/** An issuer that signs with `key`; it keeps nothing, so that what it minted ends with its time alone. */
export function openIssuer({
  key,
  earlier = [],
  changes = [],
  issuer,
  audience,
  clock,
}: IssuerOptions): Issuer {
  return {
    mint: async (request) => {
      const { user, name, roles, ttlSeconds } = assertTokenRequest(request);
      const iat = Math.floor(clock.wallTime() / 1000);
      return key.sign('at+jwt', {
        iss: issuer,
        sub: user,
        aud: audience,
        iat,
        exp: iat + ttlSeconds,
        jti: randomUUID(),
        ...(name === undefined ? {} : { name }),
        starling_roles: rolesOf(roles),
      });
    },
    discovery: () => ({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['EdDSA'],
      response_types_supported: [],
      subject_types_supported: ['public'],
    }),
    jwks: () => ({
      keys: [key.publicKey, ...earlier].map((one) => ({ ...one, alg: 'EdDSA', use: 'sig' })),
      [keyChangesMember]: changes,
    }),
  };
}

function assertTokenRequest(request: TokenRequest): TokenRequest {
  const { user, roles, ttlSeconds } = request;
  if (!isPersonId(user))
    throw invalid(`"${user}" does not name a person. Give 1 to 200 characters, such as ada@vu.nl.`);
  const unknown = roles.find((role) => !isRole(role));
  if (unknown !== undefined) {
    throw invalid(
      `There is no role "${unknown}". Give requester, operator, steward:PARTY, service:NAME or host:NAME.`,
    );
  }
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > longestTokenSeconds) {
    throw invalid(
      `A token cannot count for ${ttlSeconds} seconds. Give a whole number from 1 to ${longestTokenSeconds}.`,
    );
  }
  return request;
}

function invalid(message: string): StarlingError {
  return new StarlingError('input-invalid', message);
}
