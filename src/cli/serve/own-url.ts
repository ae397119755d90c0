import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';

/** Addresses that mean every address of the machine, and so none that others could call. */
const wildcards = ['0.0.0.0', '::'];

/** Where others reach a gateway that listens on `host` and `port`: by the machine's name where it listens on all addresses. */
export function ownUrl({ tls, host, port }: { tls: boolean; host: string; port: number }): string {
  const name = wildcards.includes(host) ? hostname() : host;
  return `${tls ? 'https' : 'http'}://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
