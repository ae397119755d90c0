import type { Clock } from '../../kernel/clock/index.js';
import { openIssuer, type Role, type TrustedIssuer } from '../../kernel/identity/index.js';
import type { InstanceToken } from '../../runtime/index.js';
import type { SharedKey } from './shared-key.js';

/** How long a token of an instance counts. The runtime replaces it in time. */
const ttlSeconds = 600;

/** Who vouches for the instances of services. */
export interface InstanceIssuer {
  readonly trusted: TrustedIssuer;
  mint(instance: { readonly service: string; readonly id: string }): Promise<InstanceToken>;
  /** A token of a host that the gateway itself keeps running. */
  mintForHost(name: string): Promise<InstanceToken>;
}

/**
 * An issuer that signs with the key of the gateways, so that each of them believes what any of them minted, also after it
 * was started again. Nobody else believes it, and what it states is the role of a service or of a host alone. `url` is where people
 * reach the consortium.
 */
export function openInstanceIssuer(
  gatewayKey: Pick<SharedKey, 'key' | 'inForce'>,
  url: string,
  clock: Clock,
): InstanceIssuer {
  const names = { issuer: `${url}/services`, audience: 'starling' };
  const issuer = openIssuer({ key: gatewayKey.key, ...names, clock });
  const mint = async (user: string, role: Role): Promise<InstanceToken> => ({
    token: await issuer.mint({ user, roles: [role], ttlSeconds }),
    ttlMs: ttlSeconds * 1000,
  });
  return {
    trusted: { ...names, keys: () => gatewayKey.inForce() },
    mint: ({ service, id }) => mint(id, `service:${service}`),
    mintForHost: (name) => mint(name, `host:${name}`),
  };
}
