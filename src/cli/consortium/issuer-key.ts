import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  type Issuer,
  openIssuer,
  type RotatingKey,
  type TrustedIssuer,
} from '../../kernel/identity/index.js';
import type { AccessSettings } from '../../systems/exchange/index.js';
import { issuerKeyFile } from './built-in-issuer.js';
import { openSharedKey, type SharedKey, type SharedKeyOptions } from './shared-key.js';

/**
 * The key of the gateways' own issuer of tokens, where that is who is believed: nobody needs it where the configuration
 * names others. Throws as `openSharedKey` does.
 */
export async function openIssuerKey({
  folder,
  settings,
  ...rest
}: Omit<SharedKeyOptions, 'name' | 'file'> & {
  /** The gateway's folder. */
  readonly folder: string;
  readonly settings: AccessSettings | undefined;
}): Promise<SharedKey | undefined> {
  if (settings !== undefined) return undefined;
  return openSharedKey({ name: 'issuer', file: issuerKeyFile(folder), ...rest });
}

/** The key of the gateways' own issuer, to be rotated. Throws `input-invalid` where there is none. */
export function ownIssuerKey(issuerKey: SharedKey | undefined): RotatingKey {
  if (issuerKey !== undefined) return issuerKey.key;
  const message =
    'The gateway issues no tokens: the section access of its configuration names who does. Have that issuer rotate its key.';
  throw new StarlingError('input-invalid', message, { details: { option: '--issuer' } });
}

/** The issuer of the gateways, which signs with the key of now, and tells what led to it. */
export function followingIssuer(
  issuerKey: SharedKey,
  { issuer, audience }: Pick<TrustedIssuer, 'issuer' | 'audience'>,
  clock: Clock,
): Issuer {
  const { key } = issuerKey;
  const current = () => {
    const earlier = issuerKey.inForce().filter(({ kid }) => kid !== key.publicKey.kid);
    return openIssuer({ key, earlier, changes: key.changes, issuer, audience, clock });
  };
  return {
    mint: (request) => current().mint(request),
    discovery: () => current().discovery(),
    jwks: () => current().jwks(),
  };
}
