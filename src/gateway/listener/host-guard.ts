import { isIPv6 } from 'node:net';
import { StarlingError } from '../../kernel/errors/index.js';
import { isLoopbackHost } from '../../kernel/identity/index.js';

const wildcards = ['0.0.0.0', '::'];

/** How a gateway is to be reached. */
export interface Reach {
  readonly host: string;
  readonly tls: boolean;
  readonly signedIn: boolean;
  /** Under which URL others reach it, where that is not its own address. */
  readonly publicUrl?: string;
}

/**
 * Throws `configuration-invalid` where others can reach a gateway that they must not: an open one believes everybody, and
 * without TLS everybody on the way reads tokens and answers.
 */
export function assertMayListen({ host, tls, signedIn, publicUrl }: Reach): void {
  const refuse = (message: string): never => {
    throw new StarlingError('configuration-invalid', message, { details: { host } });
  };
  if (isLoopbackHost(host)) return;
  if (!signedIn) {
    refuse(
      `An open gateway does not listen on ${host}: it believes everybody who reaches it, so only this machine may. Use 127.0.0.1, ::1 or localhost, or have people sign in.`,
    );
  }
  if (!tls) {
    refuse(
      `The gateway does not listen on ${host} without TLS: tokens and answers could be read on the way. Give it a certificate and its key, or 127.0.0.1 behind a proxy that has them.`,
    );
  }
  if (wildcards.includes(host) && publicUrl === undefined) {
    refuse(
      `${host} is every address of this machine and no name. Say under which URL others reach the gateway.`,
    );
  }
}

/** An address as it stands in a URL: IPv6 in brackets. */
export function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** The origin of a public URL, as in `https://starling.example`. Throws `configuration-invalid` where it has more or less than that. */
export function publicOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url !== undefined && web && url.href === `${url.origin}/`) return url;
  throw new StarlingError(
    'configuration-invalid',
    `"${text}" is not the URL of a gateway. Give it as in https://starling.example, without a path.`,
  );
}

/** Under which names a gateway answers, and to pages of which schemes. */
export interface ServedNames {
  /** Values of the Host header, in lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Over TLS only pages that came over TLS themselves. */
  readonly schemes: readonly ('http:' | 'https:')[];
}

/**
 * The names that are served: those of loopback, the address that is listened on, and `extra`, each with the port; `extra`
 * also as it is written, and all without the port where it is that of the scheme.
 */
export function servedNames(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly extra: readonly string[];
}): ServedNames {
  const { host, port, tls, extra } = options;
  const own = wildcards.includes(host) ? [] : [urlHost(host)];
  const names = new Set(['localhost', '127.0.0.1', '[::1]', ...own]);
  const bare = [...extra, ...(port === (tls ? 443 : 80) ? names : [])];
  const withPort = [...names, ...extra.filter((name) => !/:\d+$/.test(name))].map(
    (name) => `${name}:${port}`,
  );
  const hosts = new Set([...withPort, ...bare].map((name) => name.toLowerCase()));
  return { hosts, schemes: tls ? ['https:'] : ['http:', 'https:'] };
}

/** What of a request says for whom it is meant, and from which page it comes; every value of each header. */
export interface HostHeaders {
  readonly host?: readonly string[] | undefined;
  readonly origin?: readonly string[] | undefined;
}

/**
 * Guards against DNS rebinding: a web page may reach a server under a name of its own, but cannot forge the headers that
 * tell the name. Throws `host-refused` where Host is not served or is there twice, or Origin is there and not of a served
 * host.
 *
 * @param target the request target; a full URL in it stands for Host (RFC 9112, section 3.2.2), which must be served all the same
 */
export function assertServedHost(headers: HostHeaders, target: string, served: ServedNames): void {
  const { hosts, schemes } = served;
  const [host, ...others] = headers.host ?? [];
  if (host === undefined || others.length > 0 || !hosts.has(host.toLowerCase())) {
    refuse('Host', others.length > 0 ? `${host}, ${others.join(', ')}` : host, hosts);
  }
  if (!target.startsWith('/') && target !== '*') {
    const meant = urlOf(target)?.host;
    if (meant === undefined || !hosts.has(meant)) refuse('Host', meant, hosts);
  }
  for (const origin of headers.origin ?? []) {
    const from = urlOf(origin);
    const known = schemes.some((scheme) => from?.protocol === scheme);
    // a page's origin is nothing but scheme, name and port
    if (!known || from?.origin !== origin.toLowerCase() || !hosts.has(from.host)) {
      refuse('Origin', origin, hosts);
    }
  }
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function refuse(header: string, value: string | undefined, served: ReadonlySet<string>): never {
  const given =
    value === undefined ? `There is no ${header} header` : `${header} ${value.slice(0, 100)} is not served`;
  const message = `${given}. Use one of ${[...served].join(', ')}, or have the operator allow the name.`;
  throw new StarlingError('host-refused', message, { details: { header: header.toLowerCase() } });
}
