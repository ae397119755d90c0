import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { fetchJson } from './fetch-json.js';
import { isSecureUrl } from './secure-url.js';

/** Finds the key that a token of one issuer was signed with, by the token's header. */
export type FindKey = (header: JWSHeaderParameters) => ReturnType<LocalJWKSet>;

export interface DiscoveredKeysOptions {
  readonly issuer: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** Keys that were fetched count this long, so that a key which the issuer withdrew falls away. */
const maximumAgeMs = 10 * 60_000;
/** Anybody can name an unknown key: they are looked for at the issuer's no more often than this. */
const cooldownMs = 30_000;
const failureCooldownMs = 5_000;
/** Where Starling's own issuer shows, beside its keys, the changes that led to the one of now. */
export const keyChangesMember = 'starling_key_changes';
const limits = { timeoutMs: 5_000, mostBytes: 256 * 1024 };

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string() })).max(100),
  [keyChangesMember]: z.array(z.string().max(4096)).max(1000).default([]),
});

/**
 * The keys of an issuer by OpenID discovery, fetched again after ten minutes, and at once (every half a minute at most) for
 * a key that is not among them, which is how issuers rotate. Throws `issuer-unreachable`.
 */
export function discoveredKeys(options: DiscoveredKeysOptions): FindKey {
  const { clock } = options;
  let known: { readonly find: LocalJWKSet; readonly at: number } | undefined;
  let failed: { readonly error: StarlingError; readonly at: number } | undefined;
  let fetching: Promise<LocalJWKSet> | undefined;

  const fetchKeys = async (): Promise<LocalJWKSet> => {
    try {
      const find = createLocalJWKSet((await fetchIssuerKeys(options)).keySet);
      known = { find, at: clock.now() };
      return find;
    } catch (thrown) {
      const error = issuerUnreachable(options.issuer, thrown);
      failed = { error, at: clock.now() };
      throw error;
    } finally {
      fetching = undefined;
    }
  };
  // all who need the keys at once share one look
  const refresh = async () => {
    if (failed !== undefined && clock.now() - failed.at < failureCooldownMs) throw failed.error;
    fetching ??= fetchKeys();
    return fetching;
  };

  return async (header) => {
    const isFresh = known !== undefined && clock.now() - known.at < maximumAgeMs;
    const find = known !== undefined && isFresh ? known.find : await refresh();
    try {
      return await find(header);
    } catch (error) {
      const isOld = known !== undefined && clock.now() - known.at >= cooldownMs;
      if (!(error instanceof errors.JWKSNoMatchingKey) || !isOld) throw error;
      return (await refresh())(header);
    }
  };
}

/** What an issuer publishes of its keys: the set, and statements of changes, oldest first, where it makes any. */
export async function fetchIssuerKeys({
  issuer,
  fetch,
  clock,
}: DiscoveredKeysOptions): Promise<{ readonly keySet: JSONWebKeySet; readonly changes: readonly string[] }> {
  const how = { fetch, clock, ...limits };
  const page = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const discovery = discoverySchema.parse(await fetchJson(page, how));
  if (discovery.issuer !== issuer) throw new Error(`${page} is of another issuer, ${discovery.issuer}`);
  if (!isSecureUrl(discovery.jwks_uri))
    throw new Error(`its keys are at ${discovery.jwks_uri}, which is not https`);
  const { keys, [keyChangesMember]: changes } = keySetSchema.parse(await fetchJson(discovery.jwks_uri, how));
  return { keySet: { keys }, changes };
}

/** The error for an issuer whose keys cannot be had, with why. */
export function issuerUnreachable(issuer: string, thrown: unknown): StarlingError {
  // fetch tells what failed in its cause alone
  const reason = thrown instanceof TypeError && thrown.cause instanceof Error ? thrown.cause : thrown;
  const why = reason instanceof Error ? reason.message : String(reason);
  return new StarlingError(
    'issuer-unreachable',
    `The keys of the issuer ${issuer} cannot be had: ${why}. Its tokens cannot be verified until they can.`,
    { details: { issuer }, cause: thrown },
  );
}
