import { StarlingError } from '../../../../kernel/errors/index.js';
import { isSecureUrl } from '../../../../kernel/identity/index.js';

/**
 * A gateway's address. Throws `configuration-invalid` where it is none, or would send secrets and answers over the network
 * in plain text.
 */
export function gatewayAddress(url: string): URL {
  if (isSecureUrl(url)) return new URL(url);
  throw new StarlingError(
    'configuration-invalid',
    `The gateway's address ${url} cannot be used. Write it as https://HOST:PORT; plain http is for this machine alone.`,
  );
}
