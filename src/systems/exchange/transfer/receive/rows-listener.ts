import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { claimedSigner, type SigningKey } from '../../../../kernel/identity/index.js';
import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { PeerKeys } from '../peer-keys.js';
import { type HostAnswer, type HostStatement, hostPath, mostHeaderBytes, rowsPath } from '../rows-host.js';
import { claimedTransfer, openTransfer } from '../transfer-claims.js';
import { transferRefused } from '../transfer-refused.js';
import { type HostCertificate, makeHostCertificate } from './host-certificate.js';
import { Reception, type RowsOrder } from './reception.js';
import { Spool } from './spool.js';

/** Connections at the same time: one per provider and order, and a few that ask who is there. */
const mostConnections = 256;
/** Milliseconds in which whoever connects says what it wants. */
const greetingMs = 10_000;

export interface RowsListenerOptions {
  readonly party: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where others reach it, an https URL, where that is not `host` and `port`. */
  readonly address?: string;
  /** What is received is in here, and nothing else is. */
  readonly folder: string;
  readonly quotaBytes: number;
  readonly key: SigningKey & { readonly changes: readonly string[] };
  readonly peers: PeerKeys;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where a compute provider's agent takes rows from agents of providers. */
export interface RowsListener {
  /** An https URL. */
  readonly address: string;
  /** Is ready for the rows of an order until the reception is closed. */
  expect(order: RowsOrder): Reception & AsyncDisposable;
  close(): Promise<void>;
}

/** Listens. Throws `port-in-use`, and `storage-failed` where the folder cannot be made. */
export async function openRowsListener(options: RowsListenerOptions): Promise<RowsListener> {
  const spool = await Spool.open(options.folder, options.quotaBytes);
  const listener = new Listener(options, spool);
  await listener.listen();
  return listener;
}

class Listener implements RowsListener {
  readonly #options: RowsListenerOptions;
  readonly #spool: Spool;
  readonly #server: Server;
  readonly #expected = new Map<string, Reception>();
  #address = '';
  #certificate: Promise<HostCertificate> | undefined;

  constructor(options: RowsListenerOptions, spool: Spool) {
    this.#options = options;
    this.#spool = spool;
    this.#server = createServer({
      minVersion: 'TLSv1.3',
      maxHeaderSize: mostHeaderBytes,
      // the certificate is made when somebody connects: most agents that listen are not asked for a while
      SNICallback: (_name, done) => {
        this.#shown().then(
          ({ context }) => done(null, context),
          (error: unknown) => done(StarlingError.from(error)),
        );
      },
    });
    this.#server.maxConnections = mostConnections;
    this.#server.headersTimeout = greetingMs;
    // rows take as long as their order lasts, which ends their reception
    this.#server.requestTimeout = 0;
    this.#server.on('request', (request, response) => void this.#answer(request, response));
    this.#server.on('checkContinue', (request, response) => void this.#answer(request, response));
  }

  /** Also after it was closed: whoever asks then finds nobody there. */
  get address(): string {
    return this.#address;
  }

  async listen(): Promise<void> {
    await this.#bind();
    const { address, host } = this.#options;
    const { port } = this.#server.address() as AddressInfo;
    this.#address = address ?? `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  #bind(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EADDRINUSE' ? 'port-in-use' : 'internal';
        const message = `Rows cannot be listened for on ${host}:${port}: ${error.message}. Name another with --listen-rows.`;
        reject(new StarlingError(code, message, { cause: error }));
      });
      this.#server.listen(port, host, resolve);
    });
  }

  expect(order: RowsOrder): Reception & AsyncDisposable {
    const reception = new Reception(order, this.#spool);
    this.#expected.set(order.jti, reception);
    const close = async () => {
      this.#expected.delete(order.jti);
      await reception.close();
    };
    return Object.assign(reception, { [Symbol.asyncDispose]: close });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all([...this.#expected.values()].map((one) => one.close()));
    this.#server.closeAllConnections();
    await closed;
  }

  #shown(): Promise<HostCertificate> {
    const { party, clock } = this.#options;
    this.#certificate ??= makeHostCertificate(party, clock);
    return this.#certificate;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // a sender that goes away is told of by the stream that it broke
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    try {
      respond(response, 200, await this.#carryOut(request, response));
    } catch (thrown) {
      const error = StarlingError.from(thrown);
      const { logger, party } = this.#options;
      logger.warn({ party, code: error.code, reason: error.message }, 'rows were not taken');
      respond(response, error.status, told(error));
      // until the sender has read why; the end of the order cuts it off where it goes on
      request.resume();
    }
  }

  async #carryOut(request: IncomingMessage, response: ServerResponse): Promise<object> {
    const { method, url } = request;
    if (method === 'GET' && url === hostPath) return this.#host();
    if (method !== 'POST' || url !== rowsPath)
      throw new StarlingError('not-found', `There is no ${method} ${url} here.`);
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw transferRefused('they come without a token');
    const { order, iss: provider } = claimedTransfer(token);
    const reception = this.#expected.get(order);
    if (reception === undefined) throw transferRefused('no order here expects them now');
    const keys = await this.#options.peers.accept({
      peer: provider,
      signer: claimedSigner(token, 'starling-rows+jwt'),
      changes: changesOf(request),
      named: reception.namedKeys(provider),
    });
    const claims = await openTransfer(token, keys);
    reception.begin(claims, this.#options.clock.wallTime());
    if (request.headers.expect !== undefined) response.writeContinue();
    const { bytes, hash } = await reception.take(request, claims, keys);
    return { bytes, hash };
  }

  async #host(): Promise<HostAnswer> {
    const { party, key, clock } = this.#options;
    const { authority } = await this.#shown();
    const claims: HostStatement = { party, authority, iat: Math.floor(clock.wallTime() / 1000) };
    return { statement: await key.sign('starling-rows-host+jwt', claims), changes: [...key.changes] };
  }
}

function changesOf(request: IncomingMessage): readonly string[] {
  const header = request.headers['starling-key-changes'];
  return typeof header === 'string' && header !== '' ? header.split(',') : [];
}

/** What a sender may read of an error: what went wrong inside is for the log. */
function told(error: StarlingError): object {
  if (error.code !== 'internal') return error.toRecord();
  return {
    code: 'internal',
    message: 'The rows could not be taken. The log of the agent that listens says more.',
  };
}

function respond(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  const connection = status === 200 ? {} : { connection: 'close' };
  response.writeHead(status, { 'content-type': 'application/json', ...connection });
  response.end(JSON.stringify(body));
}
