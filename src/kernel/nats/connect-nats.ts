import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
  type TlsOptions,
} from '@nats-io/transport-node';
import { type Clock, systemClock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { describeDurability } from './durability.js';
import { isUnanswered, natsError } from './nats-error.js';
import type { NatsLogger, NatsOptions } from './nats-options.js';
import { Requests } from './requests.js';
import { neededPayload, warnOfServers } from './server-warnings.js';
import { openStoreRecord } from './store-record.js';
import { untilAnswered } from './until-answered.js';

/** A server that does not answer for so long is asked again, in milliseconds: a leader that died with the question never does. */
const answerMs = 3_000;

const standardError: NatsLogger = {
  info: () => {},
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
};

/** A connection to the servers of one cluster, and the store that is behind it. */
export interface Nats {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Of the store; another one where its servers were replaced or came back empty. */
  readonly identity: string;
  readonly prefix: string;
  readonly version: string;
  /** On how many servers what is made new is kept. */
  readonly replicas: number;
  /** The most bytes of a message with its headers. */
  readonly maxPayload: number;
  readonly durability: string;
  /** How long to ask again where no server answers, in milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly logger: NatsLogger;
  /** Does what may be done twice until somebody answers. Throws a `StarlingError`; `what` says what could not be done. */
  ask<T>(what: string, act: (tries: number) => Promise<T>): Promise<T>;
  /** Calls `listener` whenever the connection was lost and is there again; the answer ends that. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Connects; the caller closes it. Throws `storage-unavailable` where no server answers in time, `storage-refused`,
 * `storage-failed` where there is no JetStream, `storage-version` and `storage-replaced`.
 */
export async function connectNats(options: NatsOptions): Promise<Nats> {
  const { servers, prefix = 'starling', patienceMs = 20_000 } = options;
  const { clock = systemClock, logger = standardError, expected } = options;
  assertPrefix(prefix);
  const ask = async <T>(what: string, act: (tries: number) => Promise<T>) => {
    try {
      return await untilAnswered(act, { clock, forMs: patienceMs, isUnanswered });
    } catch (thrown) {
      throw natsError(thrown, what);
    }
  };
  const opening = `The store in NATS at ${servers.join(', ')} could not be opened`;
  const client = await ask(opening, () => connect(connectionOptions(options)));
  const requests = new Requests(client, clock, answerMs);
  const connection = withRequests(client, requests);
  const listeners = new Set<() => void>();
  const told = tell(client, { logger, requests, listeners });
  const close = async () => {
    await client.close();
    requests.close();
    await told;
  };
  try {
    const {
      version = '',
      cluster,
      max_payload: maxPayload = neededPayload,
      jetstream: has,
    } = connection.info ?? {};
    // in a cluster another server may have it, or it comes in a moment
    if (cluster === undefined && has !== true)
      throw new StarlingError(
        'storage-failed',
        `${opening}: the server has no JetStream. Start it with JetStream (-js, or jetstream {} in its configuration).`,
      );
    const manager = await ask(opening, () => jetstreamManager(connection, { timeout: answerMs }));
    const wanted = options.replicas ?? (cluster === undefined ? 1 : 3);
    const { identity, replicas } = await ask(opening, () =>
      openStoreRecord(manager, { prefix, replicas: wanted, expected }),
    );
    const durability = describeDurability({ version, replicas });
    warnOfServers(logger, { servers, version, replicas, identity, durability, maxPayload });
    return {
      connection,
      client: jetstream(connection, { timeout: answerMs }),
      manager,
      ...{ identity, prefix, version, replicas, maxPayload, durability, patienceMs, clock, logger, ask },
      onReconnect: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function connectionOptions({ servers, credentials, tls }: NatsOptions): NodeConnectionOptions {
  return {
    servers: [...servers],
    name: 'starling',
    timeout: 5_000,
    // a server that is gone is asked for twice a second, and not by all at the same moment
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 500,
    reconnectJitterTLS: 500,
    // credentials that are refused for a while are no reason to give up for good
    ignoreAuthErrorAbort: true,
    // a trace for each asking, in case it fails, is a fifth of what an asking costs
    noAsyncTraces: true,
    // a server that says nothing is taken for gone after nine seconds
    pingInterval: 3_000,
    maxPingOut: 2,
    ...(tls === undefined ? {} : { tls: tlsOptions(servers, tls) }),
    ...(credentials === undefined ? {} : authentication(credentials)),
  };
}

/** The certificate has to be that of one of the servers that were named: the client itself takes no address without a name. */
function tlsOptions(servers: readonly string[], tls: NonNullable<NatsOptions['tls']>): TlsOptions {
  const { ca, certificate, key } = tls === true ? {} : tls;
  const hosts = servers.map(
    (server) => new URL(server.includes('://') ? server : `nats://${server}`).hostname,
  );
  const options = {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    checkServerIdentity: (_: string, shown: PeerCertificate) => {
      const problems = hosts.map((host) => checkServerIdentity(host.replace(/^\[|\]$/g, ''), shown));
      return problems.includes(undefined) ? undefined : problems[0];
    },
  };
  return options;
}

function authentication(credentials: NonNullable<NatsOptions['credentials']>): NodeConnectionOptions {
  if ('creds' in credentials)
    // the client sees the last line only with an end
    return { authenticator: credsAuthenticator(new TextEncoder().encode(`${credentials.creds}\n`)) };
  if ('token' in credentials) return { token: credentials.token };
  return { user: credentials.user, pass: credentials.password };
}

/** The connection, but for how requests are put; the client's own parts put theirs so, too. */
function withRequests(connection: NatsConnection, requests: Requests): NatsConnection {
  const request: NatsConnection['request'] = (...asked) => requests.request(...asked);
  const own: NatsConnection = Object.create(connection, { request: { value: request } });
  return own;
}

interface Listening {
  readonly logger: NatsLogger;
  readonly requests: Requests;
  readonly listeners: ReadonlySet<() => void>;
}

/** Tells, and logs, what becomes of the connection, until it is closed. */
async function tell(connection: NatsConnection, { logger, requests, listeners }: Listening): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') {
      requests.disconnected();
      logger.warn({ server: status.server }, 'the connection to NATS was lost');
    }
    if (status.type === 'error') {
      const { error } = status;
      if (error instanceof errors.PermissionViolationError && requests.refused(error)) continue;
      logger.error({ err: error }, 'NATS told of an error');
    }
    if (status.type !== 'reconnect') continue;
    requests.reconnected();
    logger.info({ server: status.server }, 'the connection to NATS is there again');
    for (const listener of [...listeners]) listener();
  }
}

function assertPrefix(prefix: string): void {
  if (/^[a-zA-Z][a-zA-Z0-9_-]{0,31}$/.test(prefix)) return;
  throw new StarlingError(
    'input-invalid',
    `The prefix ${JSON.stringify(prefix)} does not do. Use 1 to 32 letters, digits, hyphens and underscores, with a letter first.`,
  );
}
