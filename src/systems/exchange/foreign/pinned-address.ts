import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { StarlingError } from '../../../kernel/errors/index.js';
import { isLoopbackHost } from '../../../kernel/identity/index.js';

/** An address that a host name stood for at one moment. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: number;
}

/**
 * Resolves the host of `url` once, so that what was checked is what is called. Throws `input-invalid` where a plain http URL
 * leads to another machine, and whatever the resolver fails with.
 */
export async function pinAddress(url: URL): Promise<PinnedAddress> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const pinned = family === 0 ? await lookup(host) : { address: host, family };
  if (url.protocol === 'http:' && !isLoopbackHost(pinned.address)) {
    const message = `${host} is not this machine but ${pinned.address}, and http:// may not leave it. Use https://.`;
    throw new StarlingError('input-invalid', message);
  }
  return pinned;
}

/** A resolver that knows the pinned address, and nothing else. */
export function pinnedLookup({ address, family }: PinnedAddress): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
