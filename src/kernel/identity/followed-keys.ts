import { createLocalJWKSet, errors, type JWSHeaderParameters } from 'jose';
import type { Clock } from '../clock/index.js';
import type { FollowedKeys } from './identity.js';
import { type FindKey, fetchIssuerKeys, issuerUnreachable } from './issuer-keys.js';
import { acceptKeyChanges, keysInForce } from './pinned-keys.js';

export interface FollowedKeysOptions {
  readonly issuer: string;
  readonly keys: FollowedKeys;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** Anybody can name an unknown key: the issuer is asked for changes no more often than this. */
const cooldownMs = 30_000;

/**
 * Finds keys among those that are pinned and in force. For another the issuer is asked which changes of keys led to it, and only
 * one that the pinned key signed is taken: what the issuer's address serves cannot by itself make anybody believed. Throws
 * `issuer-unreachable` where the issuer cannot be asked or shows a change that does not hold.
 */
export function followedKeys({ issuer, keys, clock, fetch }: FollowedKeysOptions): FindKey {
  let askedAt: number | undefined;
  let asking: Promise<void> | undefined;

  const find = (header: JWSHeaderParameters) =>
    createLocalJWKSet({
      keys: keysInForce(keys.pinned(), clock.wallTime()).map((key) => ({ ...key })),
    })(header);
  const ask = async () => {
    askedAt = clock.now();
    try {
      const { changes } = await fetchIssuerKeys({ issuer, clock, fetch });
      const pinned = keys.pinned();
      const changed = await acceptKeyChanges(pinned, changes, clock.wallTime());
      if (changed.current.kid !== pinned.current.kid) await keys.keep(changed);
    } catch (thrown) {
      throw issuerUnreachable(issuer, thrown);
    } finally {
      asking = undefined;
    }
  };

  return async (header) => {
    try {
      return await find(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const mayAsk = askedAt === undefined || clock.now() - askedAt >= cooldownMs;
      if (asking === undefined && !mayAsk) throw error;
      asking ??= ask();
      await asking;
      return find(header);
    }
  };
}
