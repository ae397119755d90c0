import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServedCertificate } from './served-certificate.js';

/** How long a client may take to send, in milliseconds. */
export interface SendTimes {
  /** All headers. Default: 10 seconds. */
  readonly headersMs?: number;
  /** The whole request. Default: 30 seconds. */
  readonly requestMs?: number;
}

/** A server of HTTP/1.1, over TLS where there is a certificate. */
export function createHttpServer(
  listener: RequestListener,
  certificate: ServedCertificate | undefined,
  { headersMs = 10_000, requestMs = 30_000 }: SendTimes,
): Server {
  const options: ServerOptions = {
    headersTimeout: headersMs,
    // the time to send a request in; an answer may take as long as its runs
    requestTimeout: requestMs,
    keepAliveTimeout: 30_000,
    // how often it is looked for connections that are late
    connectionsCheckingInterval: Math.min(headersMs, requestMs) / 2,
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
  };
  if (certificate === undefined) return createServer(options, listener);
  return createTlsServer({ ...options, ...certificate.context, handshakeTimeout: headersMs }, listener);
}
