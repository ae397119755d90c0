import { SpanStatusCode } from '@opentelemetry/api';
import type { Clock } from '../kernel/clock/index.js';
import {
  type Attributes,
  extractContext,
  type Span,
  SpanKind,
  secondsBuckets,
  type Telemetry,
} from '../kernel/telemetry/index.js';
import type { GatewayApp, GatewayReply, GatewayRequest } from './app.js';

/** Methods that are told by name; any other would let a client make up time series without end. */
const knownMethods = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'CONNECT',
  'TRACE',
]);

/** The status that is told where the client went away before it got one. */
const abortedStatus = 'aborted';

/**
 * Runs each request in a server span below the caller's, measures it as `starling_http_request_seconds`, and logs it at
 * debug level. Attributes follow OpenTelemetry's semantic conventions for HTTP.
 */
export function observeRequests(app: GatewayApp, telemetry: Telemetry, clock: Clock): void {
  const { logger, metrics } = telemetry;
  const seconds = metrics.histogram(
    'starling_http_request_seconds',
    'Time from a request over HTTP to the end of its answer.',
    secondsBuckets,
    ['method', 'route', 'status'],
  );
  app.addHook('onRequest', (request, reply, done) => {
    const started = clock.now();
    const method = knownMethods.has(request.method) ? request.method : '_OTHER';
    const route = request.routeOptions.url;
    const observe = (span: Span) =>
      new Promise<void>((resolve) => {
        reply.raw.once('close', () => {
          const ms = clock.now() - started;
          const status = reply.raw.headersSent ? reply.raw.statusCode : abortedStatus;
          tellStatus(span, status);
          seconds.observe({ method, route: route ?? 'none', status: String(status) }, ms / 1000);
          logger.debug({ method, path: pathOf(request), route, status, ms }, 'http request');
          resolve();
        });
        done();
      });
    const name = route === undefined ? method : `${method} ${route}`;
    const options = { parent: extractContext(request.headers), kind: SpanKind.SERVER };
    telemetry
      .withSpan(name, spanAttributes(method, request, reply), observe, options)
      .catch((thrown: unknown) => logger.error({ err: thrown }, 'a request could not be observed'));
  });
}

/** The path that was asked for, without the query. */
export function pathOf(request: GatewayRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function spanAttributes(method: string, request: GatewayRequest, reply: GatewayReply): Attributes {
  const { localAddress, localPort, remoteAddress } = request.raw.socket;
  return {
    'http.request.method': method,
    ...(method === '_OTHER' ? { 'http.request.method_original': request.method } : {}),
    'url.scheme': 'http',
    'url.path': pathOf(request),
    ...(request.routeOptions.url === undefined ? {} : { 'http.route': request.routeOptions.url }),
    'network.protocol.version': reply.raw.req.httpVersion,
    ...(localAddress === undefined ? {} : { 'server.address': localAddress }),
    ...(localPort === undefined ? {} : { 'server.port': localPort }),
    ...(remoteAddress === undefined ? {} : { 'client.address': remoteAddress }),
    ...(request.headers['user-agent'] === undefined
      ? {}
      : { 'user_agent.original': request.headers['user-agent'] }),
  };
}

function tellStatus(span: Span, status: number | typeof abortedStatus): void {
  if (typeof status === 'number') span.setAttribute('http.response.status_code', status);
  if (status === abortedStatus || status >= 500) {
    span.setAttribute('error.type', String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}
