import fastify from 'fastify';
import type { Clock } from '../kernel/clock/index.js';
import { isSystemError, StarlingError } from '../kernel/errors/index.js';
import type { Health, Telemetry } from '../kernel/telemetry/index.js';
import type { Exchange } from '../systems/exchange/index.js';
import type { GatewayAccess } from './access/gateway-access.js';
import { requireAccessRules } from './access/route-access.js';
import { type RateLimits, SignIn } from './access/sign-in.js';
import type { GatewayApp, InputTypes, Services } from './app.js';
import { serveDocumentation } from './documentation.js';
import { answerBrokenRequest, ErrorAnswers } from './error-answers.js';
import { EventStreams } from './event-streams.js';
import { assertLoopback, assertServedHost, servedHosts, urlHost } from './host-guard.js';
import { validateParts } from './input-validation.js';
import { readJsonBodies } from './json-body.js';
import { OpenRequests } from './open-requests.js';
import { documentRoutes } from './openapi.js';
import { observeRequests } from './request-telemetry.js';
import { addRoutes } from './routes/index.js';
import { securityHeaders } from './security-headers.js';

export interface GatewayOptions {
  readonly exchange: Exchange;
  readonly telemetry: Telemetry;
  readonly health: Health;
  /** An address of this machine alone; 127.0.0.1 if not given. `localhost` means that too. */
  readonly host?: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly version: string;
  /** How it learns who calls; open if not given. */
  readonly access?: GatewayAccess;
  /** How often people may call. */
  readonly limits?: RateLimits;
  /** Further values of the Host header that are served, with or without a port. */
  readonly allowedHosts?: readonly string[];
  /** How long a body may be; 1 MiB if not given. */
  readonly bodyLimitBytes?: number;
  /** The folder that everything is stored in, where `/status` may tell it. */
  readonly storage?: string;
}

/** A gateway that listens; its owner calls `close`, before the exchange's. */
export interface Gateway {
  readonly url: string;
  readonly port: number;
  /**
   * Takes nothing new, ends streams of events, lets what is asked end for 2 seconds, cancels the rest, and releases
   * everything. Calling again waits for the same end.
   */
  close(): Promise<void>;
}

/** How long requests may go on while the gateway closes. */
const closeGraceMs = 2_000;

/**
 * Serves the exchange over HTTP. Throws `configuration-invalid` for an address that others could reach or that cannot be
 * listened on, and `port-in-use`.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { exchange, telemetry, health, clock, version, storage, allowedHosts = [] } = options;
  const { host = '127.0.0.1', bodyLimitBytes = 1_048_576 } = options;
  const { access = { mode: 'open' }, limits = {} } = options;
  assertLoopback(host);
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const errors = new ErrorAnswers(telemetry.logger, bodyLimitBytes);
  let served: ReadonlySet<string> = new Set();
  let closing = false;
  const services: Services = {
    exchange,
    access,
    telemetry,
    health,
    clock,
    version,
    ...(storage === undefined ? {} : { storage }),
    startedAt: { wallTime: clock.wallTime(), now: clock.now() },
    openRequests: new OpenRequests(exchange, telemetry.logger),
    eventStreams: new EventStreams(clock, telemetry.logger),
  };

  const app: GatewayApp = fastify({
    bodyLimit: bodyLimitBytes,
    // the time to send a request in; an answer may take as long as its runs
    requestTimeout: 30_000,
    keepAliveTimeout: 30_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      try {
        assertServedHost(request.headers, request.raw.url ?? '', served);
        errors.send(error, request, reply);
      } catch (thrown) {
        errors.send(thrown, request, reply);
      }
    },
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<InputTypes>();

  const signIn = new SignIn({ access, limits, clock, telemetry });
  observeRequests(app, telemetry, clock);
  app.decorateRequest('caller', undefined);
  requireAccessRules(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    assertServedHost(request.headers, request.raw.url ?? '', served);
    if (closing) throw new StarlingError('shutting-down', 'The gateway is stopping. Ask again later.');
    request.caller = await signIn.admit(request);
  });
  // a connection that is kept for more would hold up the end
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  // every part is looked at before any is refused, which a validator per part cannot do
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.addHook('preValidation', async (request) => validateParts(request.routeOptions.schema ?? {}, request));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error, request, reply) => errors.send(error, request, reply));
  readJsonBodies(app);
  errors.answerUnknown(app);
  await documentRoutes(app, version, access.mode);
  addRoutes(app, services);
  await serveDocumentation(app);

  const port = await listen(app, address, options.port);
  served = servedHosts(address, port, allowedHosts);
  const url = `http://${urlHost(address)}:${port}`;

  const end = async () => {
    closing = true;
    services.eventStreams.close();
    const force = clock.timer(closeGraceMs, () => app.server.closeAllConnections());
    try {
      await app.close();
      await services.openRequests.close();
    } finally {
      force.cancel();
    }
  };
  let ended: Promise<void> | undefined;
  return {
    url,
    port,
    close: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** The port that is listened on. Closes the app where there is none. */
async function listen(app: GatewayApp, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (thrown) {
    await app.close();
    throw listenError(thrown, host, port);
  }
  const bound = app.server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function listenError(thrown: unknown, host: string, port: number): StarlingError {
  const options = { cause: thrown, details: { host, port } };
  if (isSystemError(thrown, 'EADDRINUSE')) {
    const message = `Another process listens on port ${port} of ${host}. Stop it, or choose another port with --port.`;
    return new StarlingError('port-in-use', message, options);
  }
  if (isSystemError(thrown, 'EACCES')) {
    const message = `This user may not listen on port ${port}. Choose one above 1023 with --port.`;
    return new StarlingError('configuration-invalid', message, options);
  }
  if (isSystemError(thrown, 'EADDRNOTAVAIL')) {
    const message = `This machine has no address ${host}. Choose 127.0.0.1 with --host.`;
    return new StarlingError('configuration-invalid', message, options);
  }
  return StarlingError.from(thrown, 'internal', `The gateway cannot listen on port ${port} of ${host}`);
}
