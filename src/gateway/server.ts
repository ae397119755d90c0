import type { IncomingMessage } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import fastify from 'fastify';
import { StarlingError } from '../kernel/errors/index.js';
import { requireAccessRules } from './access/route-access.js';
import { SignIn } from './access/sign-in.js';
import type { GatewayApp, InputTypes, Services } from './app.js';
import { serveDocumentation } from './documentation.js';
import { Draining } from './draining.js';
import { answerBrokenRequest, ErrorAnswers } from './error-answers.js';
import { EventStreams } from './event-streams.js';
import type { Gateway, GatewayOptions } from './gateway-options.js';
import { validateParts } from './input-validation.js';
import { readJsonBodies } from './json-body.js';
import {
  assertMayListen,
  assertServedHost,
  publicOrigin,
  type ServedNames,
  servedNames,
  urlHost,
} from './listener/host-guard.js';
import { createHttpServer } from './listener/http-server.js';
import { LinkUpgrades } from './listener/link-upgrades.js';
import { listen } from './listener/listen.js';
import { limitSendTimes } from './listener/send-times.js';
import { ServedCertificate } from './listener/served-certificate.js';
import { OpenRequests } from './open-requests.js';
import { documentRoutes } from './openapi.js';
import { observeRequests } from './request-telemetry.js';
import { RequestsInHand } from './requests-in-hand.js';
import { addRoutes } from './routes/index.js';
import { securityHeaders, strictTransport } from './security-headers.js';

/** How long requests may go on while the gateway closes. */
const closeGraceMs = 2_000;

/**
 * Serves the exchange over HTTP. Throws `configuration-invalid` for an address that others could reach and must not, or
 * that cannot be listened on, `certificate-invalid`, and `port-in-use`.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { exchange, telemetry, health, clock, version, storage, audit, link, publicUrl } = options;
  const { tasks, queues, photos } = options;
  const { host = '127.0.0.1', bodyLimitBytes = 1_048_576, allowedHosts = [] } = options;
  const { access = { mode: 'open' }, limits = {}, sendTimes = {} } = options;
  const tls = options.tls !== undefined;
  const signedIn = access.mode === 'signed-in';
  assertMayListen({ host, tls, signedIn, ...(publicUrl === undefined ? {} : { publicUrl }) });
  const origin = publicUrl === undefined ? undefined : publicOrigin(publicUrl);
  const certificate =
    options.tls === undefined ? undefined : new ServedCertificate(options.tls, clock, telemetry);
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const errors = new ErrorAnswers(telemetry.logger, bodyLimitBytes);
  let served: ServedNames = { hosts: new Set(), schemes: [] };
  let url = '';
  const closing = new AbortController();
  const openRequests = new OpenRequests(exchange, telemetry.logger);
  const eventStreams = new EventStreams(clock, telemetry.logger);
  const requestsInHand = new RequestsInHand();
  const draining = new Draining({ clock, health, eventStreams, openRequests, requestsInHand });
  const services: Services = {
    exchange,
    access,
    telemetry,
    health,
    clock,
    version,
    compatibility: options.compatibility ?? {},
    ...(storage === undefined ? {} : { storage }),
    ...(link === undefined ? {} : { link }),
    ...(audit === undefined ? {} : { audit }),
    ...(options.engines === undefined ? {} : { engines: options.engines }),
    ...(options.gateways === undefined ? {} : { gateways: options.gateways }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
    ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
    ...(tasks === undefined ? {} : { tasks }),
    ...(queues === undefined ? {} : { queues }),
    ...(photos === undefined || signedIn ? {} : { photos }),
    leaving: draining.leaving,
    ...(certificate === undefined ? {} : { certificate: () => certificate.expiry() }),
    startedAt: { wallTime: clock.wallTime(), now: clock.now() },
    ...{ openRequests, eventStreams },
    url: () => url,
  };
  /** Whatever a request is for, it must be meant for this gateway, which must be there. */
  const assertServed = ({ headersDistinct, url: target = '' }: IncomingMessage) => {
    assertServedHost(headersDistinct, target, served);
    if (closing.signal.aborted)
      throw new StarlingError('shutting-down', 'The gateway is stopping. Ask again later.');
  };

  const app: GatewayApp = fastify({
    bodyLimit: bodyLimitBytes,
    serverFactory: (listener) => createHttpServer(listener, certificate, sendTimes),
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      try {
        assertServed(request.raw);
        errors.send(error, request, reply);
      } catch (thrown) {
        errors.send(thrown, request, reply);
      }
    },
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<InputTypes>();

  limitSendTimes(app, sendTimes.requestMs ?? 30_000);
  const signIn = new SignIn({ access, limits, clock, telemetry });
  requestsInHand.observe(app);
  observeRequests(app, telemetry, clock);
  app.decorateRequest('caller', undefined);
  requireAccessRules(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(tls ? { ...securityHeaders, ...strictTransport } : securityHeaders);
    assertServed(request.raw);
    request.caller = await signIn.admit(request);
  });
  // a connection that is kept for more would hold up the end
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining.hasBegun) reply.header('connection', 'close');
    done();
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

  const upgrades =
    link === undefined
      ? undefined
      : new LinkUpgrades({
          link,
          logger: telemetry.logger,
          admit: (request) => {
            assertServed(request);
            signIn.admitAgent(request.socket.remoteAddress ?? '');
          },
        });
  if (upgrades !== undefined) app.server.on('upgrade', (...upgrade) => upgrades.handle(...upgrade));

  const port = await listen(app, address, options.port);
  const extra = [...allowedHosts, ...(origin === undefined ? [] : [origin.host])];
  served = servedNames({ host: address, port, tls, extra });
  url = origin?.origin ?? `${tls ? 'https' : 'http'}://${urlHost(address)}:${port}`;

  const end = async () => {
    closing.abort();
    draining.close();
    eventStreams.close();
    let forced = () => {};
    const graceOver = new Promise<void>((resolve) => {
      forced = resolve;
    });
    const force = clock.timer(closeGraceMs, () => {
      app.server.closeAllConnections();
      forced();
    });
    try {
      const closed = app.close();
      // agents are needed until nothing is asked of them any more
      await Promise.race([openRequests.ended(), graceOver]);
      upgrades?.close();
      await closed;
      await openRequests.close();
    } finally {
      force.cancel();
      certificate?.close();
    }
  };
  let ended: Promise<void> | undefined;
  return {
    url,
    port,
    useCertificate: (next) => {
      if (certificate === undefined) {
        const message = 'The gateway does not serve over TLS. Start it with a certificate and its key.';
        throw new StarlingError('configuration-invalid', message);
      }
      certificate.use(next);
      (app.server as TlsServer).setSecureContext(certificate.context);
    },
    drain: (how) => draining.drain(how),
    close: () => {
      ended ??= end();
      return ended;
    },
  };
}
