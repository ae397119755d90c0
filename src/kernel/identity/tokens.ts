import { createHash } from 'node:crypto';
import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
} from 'jose';
import type { Clock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { watchClockJumps } from './clock-jumps.js';
import { followedKeys } from './followed-keys.js';
import type { Person, PublicKey, TokenVerifier, TrustedIssuer } from './identity.js';
import { discoveredKeys, type FindKey } from './issuer-keys.js';
import { isSecureUrl } from './secure-url.js';
import { assertTimes, readPerson, readTimes, type TokenTimes, tokenFault } from './token-claims.js';

export interface TokenVerifierOptions {
  /** Each once. */
  readonly issuers: readonly TrustedIssuer[];
  readonly clock: Clock;
  /** Fetches what issuers publish. Default: that of the process. */
  readonly fetch?: typeof fetch;
  /** Hears that the wall clock jumped, in milliseconds. Default: nobody does; the errors that come of it say so anyway. */
  readonly onClockJump?: (byMs: number) => void;
}

interface Source {
  readonly trusted: TrustedIssuer;
  readonly findKey: FindKey;
}

interface Verified {
  readonly person: Person;
  readonly issuer: string;
  readonly times: TokenTimes;
}

/** Algorithms with a public key, so that whoever verifies cannot sign. */
const algorithms = ['EdDSA', 'ES256', 'RS256'];
/** What a token says it is (RFC 7519, RFC 9068); what was signed for another purpose is none. */
const tokenTypes = ['jwt', 'at+jwt', 'application/at+jwt'];
const longestToken = 16 * 1024;
/** A token is verified once a minute, however often it comes; a key that was withdrawn may count that long. */
const rememberedMs = 60_000;
const rememberedTokens = 1000;

/** Verifies tokens of `issuers`. Throws `configuration-invalid` where one of them cannot be used. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuers, clock, onClockJump = () => undefined } = options;
  const sources = new Map(issuers.map((trusted) => [trusted.issuer, sourceOf(trusted, options)]));
  if (sources.size < issuers.length) throw unusable('An issuer of tokens is named twice. Name each once.');
  const readClock = watchClockJumps(clock, onClockJump);
  const remembered = new Map<string, Verified & { readonly until: number }>();

  return {
    verify: async (token) => {
      const hash = createHash('sha256').update(token).digest('base64url');
      const earlier = remembered.get(hash);
      if (earlier !== undefined && clock.now() < earlier.until) {
        assertTimes(earlier.times, readClock(), earlier.issuer);
        return earlier.person;
      }
      const verified = await verifyToken(token, sources);
      assertTimes(verified.times, readClock(), verified.issuer);
      remembered.delete(hash);
      remembered.set(hash, { ...verified, until: clock.now() + rememberedMs });
      const [oldest] = remembered.keys();
      if (remembered.size > rememberedTokens && oldest !== undefined) remembered.delete(oldest);
      return verified.person;
    },
  };
}

/** All of a token but its times. */
async function verifyToken(token: string, sources: ReadonlyMap<string, Source>): Promise<Verified> {
  const claims = readClaims(token);
  const source = sources.get(String(claims.iss));
  if (source === undefined) {
    const trusted = [...sources.keys()].join(', ') || 'none';
    throw tokenFault(
      'unknown-issuer',
      `it is of ${JSON.stringify(claims.iss)}, which is not trusted here. Get one of: ${trusted}.`,
    );
  }
  await assertSignature(token, source);
  const { trusted } = source;
  return { person: readPerson(claims, trusted), issuer: trusted.issuer, times: readTimes(claims) };
}

/** What the token says, before anything of it is believed. */
function readClaims(token: string): JWTPayload {
  if (token.length > longestToken)
    throw tokenFault('malformed', `it has more than ${longestToken} characters.`);
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw tokenFault('malformed', 'it is no signed JWT.');
  try {
    const { alg, typ, crit } = decodeProtectedHeader(token);
    if (alg?.toLowerCase() === 'none' || token.endsWith('.'))
      throw tokenFault('unsigned', 'it has no signature.');
    if (crit !== undefined)
      throw tokenFault('malformed', 'its header asks for extensions that are not known.');
    if (typ !== undefined && !tokenTypes.includes(typ.toLowerCase())) {
      throw tokenFault('malformed', `it is of type ${typ}, which is no token of a person.`);
    }
    if (alg === undefined || !algorithms.includes(alg)) {
      throw tokenFault('bad-signature', `it is signed with ${alg}; only ${algorithms.join(', ')} count.`);
    }
    return decodeJwt(token);
  } catch (error) {
    if (error instanceof StarlingError) throw error;
    throw tokenFault('malformed', 'it cannot be read as a JWT.', error);
  }
}

async function assertSignature(token: string, { trusted, findKey }: Source): Promise<void> {
  try {
    await compactVerify(token, findKey, { algorithms });
  } catch (error) {
    if (error instanceof StarlingError) throw error;
    const why =
      error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
        ? `the key that it names is not one of ${trusted.issuer}.`
        : `it was altered, or not signed by ${trusted.issuer}.`;
    throw tokenFault('bad-signature', why, error);
  }
}

function sourceOf(trusted: TrustedIssuer, { clock, fetch = globalThis.fetch }: TokenVerifierOptions): Source {
  const { issuer, audience, keys } = trusted;
  if (!URL.canParse(issuer)) throw unusable(`The issuer of tokens "${issuer}" is no URL.`);
  if (audience === '')
    throw unusable(`The issuer ${issuer} has no audience: its tokens must be meant for somebody.`);
  if (keys !== undefined) {
    return { trusted, findKey: pinnedKeys(issuer, keys, { clock, fetch }) };
  }
  if (!isSecureUrl(issuer)) {
    throw unusable(`The issuer ${issuer} is reached without TLS. Use https, or pin its keys.`);
  }
  return { trusted, findKey: discoveredKeys({ issuer, clock, fetch }) };
}

function pinnedKeys(
  issuer: string,
  keys: NonNullable<TrustedIssuer['keys']>,
  means: { readonly clock: Clock; readonly fetch: typeof fetch },
): FindKey {
  if ('pinned' in keys) return followedKeys({ issuer, keys, ...means });
  const among = (known: readonly PublicKey[]) =>
    createLocalJWKSet({ keys: known.map((key) => ({ ...key })) });
  return typeof keys === 'function' ? (header) => among(keys())(header) : among(keys);
}

function unusable(message: string): StarlingError {
  return new StarlingError('configuration-invalid', message);
}
