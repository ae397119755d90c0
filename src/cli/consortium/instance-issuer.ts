import type { Clock } from '../../kernel/clock/index.js';
import { makeSigningKey, openIssuer, type TrustedIssuer } from '../../kernel/identity/index.js';
import type { InstanceToken } from '../../runtime/index.js';

/** How long a token of an instance counts. The runtime replaces it in time. */
const ttlSeconds = 600;

/** Who vouches for the instances that a gateway keeps running. */
export interface InstanceIssuer {
  readonly trusted: TrustedIssuer;
  mint(instance: { readonly service: string; readonly id: string }): Promise<InstanceToken>;
}

/**
 * An issuer whose key is in no file and ends with the process, as the instances do. Only the gateway that was opened with
 * it believes it, and what it states is the role of a service alone.
 */
export function openInstanceIssuer(url: string, clock: Clock): InstanceIssuer {
  const key = makeSigningKey();
  const names = { issuer: `${url}/services`, audience: 'starling' };
  const issuer = openIssuer({ key, ...names, clock });
  return {
    trusted: { ...names, keys: [key.publicKey] },
    mint: async ({ service, id }) => ({
      token: await issuer.mint({ user: id, roles: [`service:${service}`], ttlSeconds }),
      ttlMs: ttlSeconds * 1000,
    }),
  };
}
