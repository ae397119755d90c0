import { StarlingError } from '../../kernel/errors/index.js';

/** Servers of an engine. */
interface Servers<Engine extends string> {
  readonly engine: Engine;
  /** `host:port`, each once, in the order in which they were given. */
  readonly servers: readonly string[];
  readonly tls: boolean;
}

/** A state store: `etcd://h1:2379,h2:2379/prefix`; `etcds://` for TLS. */
export interface EtcdAddress extends Servers<'etcd'> {
  /** What its keys begin with; what the adapter chooses if not given. */
  readonly prefix?: string;
}

/** Queues, or blobs: `nats://h1:4222,h2:4222?replicas=3`; `natss://` for TLS. */
export interface NatsAddress extends Servers<'nats'> {
  /** On how many servers everything is kept; what the adapter chooses if not given. */
  readonly replicas?: number;
}

/** Blobs: `s3://bucket/prefix?endpoint=https://…&region=…`. */
export interface S3Address {
  readonly engine: 's3';
  readonly bucket: string;
  readonly prefix?: string;
  /** Of another store than Amazon's. */
  readonly endpoint?: string;
  readonly region?: string;
}

export type EngineAddress = EtcdAddress | NatsAddress | S3Address;

/** What is kept in an engine, as its option is called. */
export type EngineUse = 'state' | 'queue' | 'blobs';

const schemes = ['etcd', 'etcds', 'nats', 'natss', 's3'] as const;
type Scheme = (typeof schemes)[number];

const forms: Readonly<Record<EngineUse, { readonly schemes: readonly Scheme[]; readonly example: string }>> =
  {
    state: { schemes: ['etcd', 'etcds'], example: 'etcd://h1:2379,h2:2379,h3:2379' },
    queue: { schemes: ['nats', 'natss'], example: 'nats://h1:4222,h2:4222,h3:4222' },
    blobs: { schemes: ['nats', 'natss', 's3'], example: 'nats://h1:4222,h2:4222,h3:4222' },
  };

const defaultPort = { etcd: 2379, nats: 4222 } as const;

/** Reads the address of the state. Throws `input-invalid`, as the others do. */
export function parseStateAddress(text: string): EtcdAddress {
  const parts = splitAddress(text, 'state');
  assertParameters(parts, []);
  return { ...serversOf(parts, 'etcd'), ...(parts.path === '' ? {} : { prefix: parts.path }) };
}

/** Reads the address of the queues. */
export function parseQueueAddress(text: string): NatsAddress {
  return natsAddress(splitAddress(text, 'queue'));
}

/** Reads the address of the blobs. */
export function parseBlobsAddress(text: string): NatsAddress | S3Address {
  const parts = splitAddress(text, 'blobs');
  return parts.scheme === 's3' ? s3Address(parts) : natsAddress(parts);
}

interface Parts {
  readonly use: EngineUse;
  readonly text: string;
  readonly scheme: Scheme;
  readonly authority: string;
  /** Without slashes at its ends. */
  readonly path: string;
  readonly parameters: URLSearchParams;
}

function splitAddress(text: string, use: EngineUse): Parts {
  const match = /^(?<scheme>\w+):\/\/(?<authority>[^/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/.exec(
    text,
  );
  const { scheme = '', authority = '', path = '', query = '' } = match?.groups ?? {};
  const known = forms[use].schemes.find((one) => one === scheme);
  if (match === null || known === undefined) {
    throw invalid({ use, text }, `it does not begin with ${listed(forms[use].schemes)}`);
  }
  if (authority.includes('@')) {
    const message = `The address given with --${use} holds credentials, which others see in the list of processes. Take them out, and give them in the environment as docs/engines.md says.`;
    throw new StarlingError('input-invalid', message, { details: { option: `--${use}` } });
  }
  return {
    ...{ use, text, scheme: known, authority },
    path: path.replace(/^\/+|\/+$/g, ''),
    parameters: new URLSearchParams(query),
  };
}

function natsAddress(parts: Parts): NatsAddress {
  assertParameters(parts, ['replicas']);
  if (parts.path !== '') throw invalid(parts, `NATS has no path, as ${parts.path} would be`);
  const replicas = parts.parameters.get('replicas');
  if (replicas === null) return serversOf(parts, 'nats');
  if (!/^[1-5]$/.test(replicas))
    throw invalid(parts, `replicas is ${replicas}, and not a number from 1 to 5`);
  return { ...serversOf(parts, 'nats'), replicas: Number(replicas) };
}

function s3Address(parts: Parts): S3Address {
  assertParameters(parts, ['endpoint', 'region']);
  const { authority: bucket, path, parameters } = parts;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw invalid(parts, `"${bucket}" names no bucket`);
  const endpoint = parameters.get('endpoint');
  const region = parameters.get('region');
  if (endpoint !== null && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : '')) {
    throw invalid(parts, `its endpoint ${endpoint} is no URL of HTTP`);
  }
  return {
    ...{ engine: 's3', bucket },
    ...(path === '' ? {} : { prefix: path }),
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
  };
}

function serversOf<Engine extends 'etcd' | 'nats'>(parts: Parts, engine: Engine): Servers<Engine> {
  const servers = parts.authority.split(',').map((one) => {
    const url = `http://${one}`;
    if (one === '' || !URL.canParse(url)) throw invalid(parts, `"${one}" names no server`);
    const { hostname, port } = new URL(url);
    // the port of HTTP itself is not shown by `port`
    const given = /:(\d+)$/.exec(one)?.[1];
    return `${hostname}:${given ?? (port === '' ? defaultPort[engine] : port)}`;
  });
  const twice = servers.find((one, index) => servers.indexOf(one) !== index);
  if (twice !== undefined) throw invalid(parts, `${twice} is named twice`);
  return { engine, servers, tls: parts.scheme === `${engine}s` };
}

function assertParameters(parts: Parts, known: readonly string[]): void {
  const unknown = [...parts.parameters.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw invalid(parts, `it has no ${unknown}${known.length === 0 ? '' : `; it may have ${listed(known)}`}`);
}

function invalid({ use, text }: Pick<Parts, 'use' | 'text'>, why: string): StarlingError {
  const message = `The address ${text} given with --${use} cannot be used: ${why}. Give one such as ${forms[use].example}.`;
  return new StarlingError('input-invalid', message, { details: { option: `--${use}` } });
}

const listed = (names: readonly string[]): string => names.join(' or ');
