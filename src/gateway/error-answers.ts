import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCodes, StarlingError } from '../kernel/errors/index.js';
import type { Logger } from '../kernel/telemetry/index.js';
import { signInChallenge } from './access/sign-in-challenge.js';
import { allowedMethods, type RoutePattern } from './allowed-methods.js';
import type { GatewayApp, GatewayReply, GatewayRequest } from './app.js';
import { retryAfterSeconds, toStarlingError } from './fastify-errors.js';
import { problemOf, problemType } from './problem.js';
import { pathOf } from './request-telemetry.js';
import { securityHeaders } from './security-headers.js';

/** Answers every failure with a problem document, and logs those that are our own. */
export class ErrorAnswers {
  readonly #logger: Logger;
  readonly #bodyLimitBytes: number;

  constructor(logger: Logger, bodyLimitBytes: number) {
    this.#logger = logger;
    this.#bodyLimitBytes = bodyLimitBytes;
  }

  /** Sends the problem document of what was thrown. */
  send(thrown: unknown, request: GatewayRequest, reply: GatewayReply): GatewayReply {
    const error = hungUp(thrown, request) ?? toStarlingError(thrown, this.#bodyLimitBytes);
    if (error.code === 'internal') {
      const route = request.routeOptions.url;
      this.#logger.error(
        { err: error.cause ?? error, method: request.method, route },
        'a request failed unexpectedly',
      );
    }
    const challenge = signInChallenge(error);
    if (challenge !== undefined) reply.header('www-authenticate', challenge);
    const retryAfter = retryAfterSeconds(error);
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    // what a route set for its own answer does not hold for this one
    for (const name of [
      'etag',
      'content-disposition',
      'content-length',
      'content-range',
      'accept-ranges',
      'location',
      'preference-applied',
    ])
      reply.removeHeader(name);
    // as bytes: to text fastify adds a charset, which the media type does not have
    return reply
      .status(error.status)
      .headers({ ...securityHeaders, 'content-type': problemType })
      .send(Buffer.from(JSON.stringify(problemOf(error, pathOf(request)))));
  }

  /** Answers for paths that no route has, and for methods that none has for the path. */
  answerUnknown(app: GatewayApp): void {
    const routes: RoutePattern[] = [];
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, pattern: url });
    });
    app.setNotFoundHandler((request, reply) => {
      const path = pathOf(request);
      const methods = allowedMethods(path, routes);
      // a route that has the method, and found nothing, comes here as well
      if (methods.length > 0 && !methods.includes(request.method)) {
        reply.header('allow', methods.join(', '));
        throw new StarlingError(
          'method-not-allowed',
          `${path} does not know ${request.method}. Use ${methods.filter((method) => method !== 'HEAD').join(' or ')}.`,
          { details: { allowed: methods } },
        );
      }
      throw new StarlingError('not-found', `There is nothing at ${path}. See /docs for what there is.`);
    });
  }
}

/** What a client that hung up in the middle of its body is told, if it still listens; that is no failure of ours. */
function hungUp(thrown: unknown, { raw }: GatewayRequest): StarlingError | undefined {
  const cause = thrown instanceof StarlingError && thrown.code === 'internal' ? thrown.cause : thrown;
  return raw.errored === null || raw.errored !== cause
    ? undefined
    : new StarlingError(
        'input-invalid',
        'The connection broke off before all of the body had come. Send it again.',
      );
}

/**
 * Answers what is no HTTP, or not in time: there is no request that hooks could look at. A connection on which nothing was asked is
 * closed without a word: a client would take that for the answer to what it is just sending.
 */
export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET' || socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  sendRawProblem(
    socket,
    tooLarge
      ? new StarlingError('input-too-large', 'The headers are larger than allowed. Send fewer.')
      : new StarlingError(
          'input-invalid',
          'What came is not a request of HTTP/1.1, or did not come in time.',
        ),
    '/',
  );
}

/** Answers on a bare connection, which ends with it. */
export function sendRawProblem(socket: Duplex, error: StarlingError, path: string): void {
  const body = JSON.stringify(problemOf(error, path.split('?', 1)[0] ?? '/'));
  const { status } = errorCodes[error.code];
  const retryAfter = retryAfterSeconds(error);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
