import { systemClock } from '../../kernel/clock/index.js';
import type { GatewayApp, GatewayReply, GatewayRequest } from '../app.js';
import { answerBrokenRequest } from '../error-answers.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body is a stream that may take as long as bytes come. */
    readonly streamed?: boolean;
  }
}

/** How long an answer to what was not read to its end has to get through, in milliseconds. */
const lingerMs = 2_000;

/**
 * Holds clients to a time for their bodies, in milliseconds: for the whole body, or between two parts of one that is
 * streamed. Node can hold all to one time only, and the files of an archive take longer than a question.
 */
export function limitSendTimes(app: GatewayApp, bodyMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    limitSendTime(request, reply, bodyMs);
    done();
  });
}

function limitSendTime({ raw, routeOptions }: GatewayRequest, reply: GatewayReply, bodyMs: number): void {
  const { headers, socket } = raw;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  const late = () => answerBrokenRequest({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
  if (routeOptions.config?.streamed === true) {
    const stopWatching = () => socket.off('timeout', late).setTimeout(0);
    socket.setTimeout(bodyMs).once('timeout', late);
    raw.once('end', stopWatching).once('close', stopWatching);
    // the answer came before the end of the body: the rest is thrown away, and not for long
    reply.raw.once('finish', () => {
      if (raw.complete) return;
      const linger = systemClock.timer(lingerMs, () => socket.destroy());
      raw.once('close', () => linger.cancel());
      raw.unpipe();
      raw.resume();
    });
    return;
  }
  const timer = systemClock.timer(bodyMs, late);
  raw.once('close', () => timer.cancel());
}
