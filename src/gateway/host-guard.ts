import { BlockList, isIP, isIPv6 } from 'node:net';
import { StarlingError } from '../kernel/errors/index.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Throws `configuration-invalid` where `host` is not an address of this machine alone. Whoever reaches an open gateway
 * is believed to be who they say, so nobody else may reach it.
 */
export function assertLoopback(host: string): void {
  if (host === 'localhost') return;
  if (isIP(host) !== 0 && loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')) return;
  throw new StarlingError(
    'configuration-invalid',
    `The gateway does not listen on ${host}: it believes everybody who reaches it, so only this machine may. Use 127.0.0.1, ::1 or localhost.`,
    { details: { host } },
  );
}

/** An address as it stands in a URL: IPv6 in brackets. */
export function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/**
 * The values of the Host header that are served: the names of loopback, the address that is listened on, and `extra`,
 * each with the port; `extra` also as it is written, and all without the port where it is 80.
 */
export function servedHosts(host: string, port: number, extra: readonly string[]): ReadonlySet<string> {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', urlHost(host)]);
  const bare = [...extra, ...(port === 80 ? names : [])];
  const withPort = [...names, ...extra.filter((name) => !/:\d+$/.test(name))].map(
    (name) => `${name}:${port}`,
  );
  return new Set([...withPort, ...bare].map((name) => name.toLowerCase()));
}

/** What of a request says for whom it is meant, and from which page it comes. */
export interface HostHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/**
 * Guards against DNS rebinding: a web page may reach a local server under a name of its own, but cannot forge the
 * headers that tell the name. Throws `host-refused` where Host is not served, or Origin is there and not of a served
 * host.
 *
 * @param target the request target; a full URL in it stands for Host (RFC 9112, section 3.2.2)
 */
export function assertServedHost(headers: HostHeaders, target: string, served: ReadonlySet<string>): void {
  const host = target.startsWith('/') || target === '*' ? headers.host : hostOf(target);
  if (host === undefined || !served.has(host.toLowerCase())) refuse('Host', host, served);
  const { origin } = headers;
  if (origin === undefined) return;
  const from = /^https?:\/\//i.test(origin) ? hostOf(origin) : undefined;
  if (from === undefined || !served.has(from.toLowerCase())) refuse('Origin', origin, served);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

function refuse(header: string, value: string | undefined, served: ReadonlySet<string>): never {
  const given =
    value === undefined ? `There is no ${header} header` : `${header} ${value.slice(0, 100)} is not served`;
  const message = `${given}. Use one of ${[...served].join(', ')}, or have the operator allow the name.`;
  throw new StarlingError('host-refused', message, { details: { header: header.toLowerCase() } });
}
