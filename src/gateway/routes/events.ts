import { z } from 'zod';
import type { Exchange } from '../../systems/exchange/index.js';
import { assertInsight, requestConcerns } from '../access/insight.js';
import type { GatewayApp, Services } from '../app.js';
import { operation } from '../operation.js';
import { requestEventSchema } from '../schemas/explanation.js';
import { eventStreamType, type SentEvent } from '../server-sent-events.js';
import type { OutcomeOptions } from './outcome-options.js';
import { byId } from './path-names.js';

/** `…/events`: what happens to a request, as it happens, until it ends. */
export function eventRoute(
  app: GatewayApp,
  services: Services,
  options: OutcomeOptions,
  whose: string,
): void {
  const { tag, path, what, requestId } = options;
  const { exchange, eventStreams } = services;
  app.get(
    `${path}/events`,
    {
      // HEAD would never end
      exposeHeadRoute: false,
      schema: {
        ...operation({
          id: what === 'request' ? 'followRequest' : 'followJob',
          tag,
          summary: `Follow the events of ${whose}`,
          access: ['requester', 'operator'],
          description:
            'Server-sent events, from the first on: `id` is the sequence, `event` the type, `data` the event as JSON. The ' +
            'stream ends when the request has ended. A client that lost its connection goes on with `Last-Event-ID`; 204 ' +
            'says that nothing will follow any more. A comment every 15 seconds keeps the connection alive.',
          answers: {
            200: {
              description: 'The events; the schema is that of the data of one.',
              content: { [eventStreamType]: { schema: requestEventSchema } },
            },
            204: z.null().describe('The request has ended, and nothing follows the event of Last-Event-ID.'),
          },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .regex(/^\d{0,9}$/, 'Last-Event-ID is the id of the last event that came, a whole number')
            .optional()
            .describe('The id of the last event that came.'),
        }),
      },
    },
    async (request, reply) => {
      const id = await requestId(request.params.id);
      const last = request.headers['last-event-id'];
      const after = Number(last ?? 0);
      const record = await exchange.request(id);
      assertInsight(requestConcerns(record), request.caller);
      const { state, events } = record;
      const resumed = last !== undefined && last !== '';
      if (resumed && state !== 'running' && after >= (events.at(-1)?.sequence ?? 0)) {
        return reply.status(204).send();
      }
      return (
        reply
          // the connection ends with the stream, so that a gateway that closes need not wait for it; proxies must not buffer
          .headers({ 'content-type': eventStreamType, connection: 'close', 'x-accel-buffering': 'no' })
          .send(eventStreams.open((signal) => sentEvents(exchange, id, after, signal)))
      );
    },
  );
}

async function* sentEvents(
  exchange: Exchange,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<SentEvent> {
  for await (const event of exchange.events(id, after, signal)) {
    yield { id: String(event.sequence), type: event.type, data: event };
  }
}
