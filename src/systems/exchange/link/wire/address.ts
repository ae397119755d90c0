import { StarlingError } from '../../../../kernel/errors/index.js';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * A gateway's address. Throws `configuration-invalid` where it is none, or would send secrets and answers over the network
 * in plain text.
 */
export function gatewayAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const secure = address?.protocol === 'https:';
  if (
    address !== undefined &&
    (secure || (address.protocol === 'http:' && loopback.test(address.hostname)))
  ) {
    return address;
  }
  throw new StarlingError(
    'configuration-invalid',
    `The gateway's address ${url} cannot be used. Write it as https://HOST:PORT; plain http is for this machine alone.`,
  );
}
