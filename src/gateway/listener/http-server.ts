import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServedCertificate } from './served-certificate.js';

/** How long a client may take to send, in milliseconds. */
export interface SendTimes {
  /** All headers. Default: 10 seconds. */
  readonly headersMs?: number;
  /** A body; of one that is streamed, from one part to the next. Default: 30 seconds. */
  readonly requestMs?: number;
}

/** A server of HTTP/1.1, over TLS where there is a certificate. */
export function createHttpServer(
  listener: RequestListener,
  certificate: ServedCertificate | undefined,
  { headersMs = 10_000 }: SendTimes,
): Server {
  const options: ServerOptions = {
    headersTimeout: headersMs,
    // bodies have times of their own: `send-times.ts`
    requestTimeout: 0,
    keepAliveTimeout: 30_000,
    // how often it is looked for connections that are late
    connectionsCheckingInterval: headersMs / 2,
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
  };
  if (certificate === undefined) return createServer(options, listener);
  return createTlsServer({ ...options, ...certificate.context, handshakeTimeout: headersMs }, listener);
}
