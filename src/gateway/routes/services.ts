import { z } from 'zod';
import type { LogLine } from '../../runtime/index.js';
import {
  apiPrefix,
  type GatewayApp,
  type GatewayRequest,
  type ServedRuntime,
  type Services,
} from '../app.js';
import { json, operation } from '../operation.js';
import {
  logLineListSchema,
  logLineSchema,
  serviceListSchema,
  serviceViewSchema,
} from '../schemas/service.js';
import { eventStreamType, type SentEvent } from '../server-sent-events.js';
import { serviceView } from '../service-view.js';
import { byName } from './path-names.js';

const path = `${apiPrefix}/services`;
const tag = 'Services';
const access = ['operator'] as const;
/** Lines that are given where nothing else is asked for, and the most. */
const fewLines = 100;
const mostLines = 10_000;

const because = z.string().trim().min(1).max(500);

/** `/services`: what is kept running, how many of it, and what it writes. */
export function serviceRoutes(app: GatewayApp, services: Services, runtime: ServedRuntime): void {
  app.get(
    path,
    {
      schema: operation({
        id: 'listServices',
        tag,
        summary: 'List all services',
        access,
        answers: { 200: json('All services with their instances, by name.', serviceListSchema) },
      }),
    },
    async () => ({ items: (await runtime.services()).map(serviceView) }),
  );

  app.get(
    `${path}/:name`,
    {
      schema: {
        ...operation({
          id: 'readService',
          tag,
          summary: 'Read one service',
          access,
          answers: { 200: json('The service with its instances.', serviceViewSchema) },
          problems: ['not-found'],
        }),
        params: byName,
      },
    },
    async ({ params }) => serviceView(await runtime.service(params.name)),
  );

  app.put(
    `${path}/:name/replicas`,
    {
      schema: {
        ...operation({
          id: 'scaleService',
          tag,
          summary: 'Say how many instances are wanted',
          description:
            'It is answered when the number is stored; instances are started and drained from then on. The number is held to the ' +
            'range of the service, and outlives a restart.',
          access,
          answers: { 200: json('The service as it is wanted now.', serviceViewSchema) },
          problems: ['not-found', 'storage-full', 'storage-failed'],
          bodies: { two: { summary: 'Two instances', value: { replicas: 2, because: 'many photos' } } },
        }),
        params: byName,
        body: z.strictObject({ replicas: z.int().min(0), because: because.exactOptional() }),
      },
    },
    async (request) => {
      const { replicas, because: why } = request.body;
      return serviceView(
        await runtime.scale(request.params.name, replicas, { because: told('scaled', request, why) }),
      );
    },
  );

  app.post(
    `${path}/:name/restart`,
    {
      schema: {
        ...operation({
          id: 'restartService',
          tag,
          summary: 'Replace every instance',
          description:
            'One after the other, so that the others go on meanwhile. It is answered when that is stored.',
          access,
          answers: { 200: json('The service as it is wanted now.', serviceViewSchema) },
          problems: ['not-found', 'storage-full', 'storage-failed'],
        }),
        params: byName,
      },
    },
    async (request) =>
      serviceView(await runtime.restart(request.params.name, { because: told('restarted', request) })),
  );

  app.get(
    `${path}/:name/logs`,
    {
      // HEAD would never end
      exposeHeadRoute: false,
      schema: {
        ...operation({
          id: 'readServiceLogs',
          tag,
          summary: 'Read or follow what instances write',
          description:
            'The newest lines as JSON; with `follow=true` as server-sent events that go on: `id` is the sequence, `event` is ' +
            '`line`, `data` the line as JSON. A client that lost its connection goes on with `Last-Event-ID`.',
          access,
          answers: {
            200: {
              description: 'Lines, oldest first; of the events, the schema is that of the data of one.',
              content: {
                'application/json': { schema: logLineListSchema },
                [eventStreamType]: { schema: logLineSchema },
              },
            },
          },
          problems: ['not-found'],
        }),
        params: byName,
        querystring: z.strictObject({
          last: z.coerce
            .number()
            .int()
            .min(0)
            .max(mostLines)
            .default(fewLines)
            .describe('How many lines that are there already, the newest.'),
          instance: z.string().max(200).exactOptional().describe('Only those of this instance.'),
          follow: z
            .enum(['true', 'false'])
            .default('false')
            .describe('Whether to go on with what is written.'),
        }),
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .regex(/^\d{0,15}$/, 'Last-Event-ID is the id of the last event that came, a whole number')
            .optional()
            .describe('The id of the last event that came.'),
        }),
      },
    },
    async (request, reply) => {
      const { last, instance, follow } = request.query;
      const of = instance === undefined ? {} : { instance };
      if (follow === 'false') {
        const lines = await runtime.logs(request.params.name, { last, ...of });
        const items: LogLine[] = [];
        for await (const line of lines) items.push(line);
        return { items };
      }
      // not-found is to be told as such, before the stream begins
      await runtime.service(request.params.name);
      const id = request.headers['last-event-id'] ?? '';
      const from = id === '' ? { last } : { after: Number(id) };
      return reply
        .headers({ 'content-type': eventStreamType, connection: 'close', 'x-accel-buffering': 'no' })
        .send(
          services.eventStreams.open(async function* (signal): AsyncGenerator<SentEvent> {
            const query = { ...from, ...of, follow: true, signal };
            for await (const line of await runtime.logs(request.params.name, query)) yield sent(line);
          }),
        );
    },
  );
}

function sent(line: LogLine): SentEvent {
  return { id: String(line.sequence), type: 'line', data: line };
}

/** Who did it, and why, as others read it. */
function told(what: string, { caller }: Pick<GatewayRequest, 'caller'>, why?: string): string {
  const by = caller === undefined ? 'over HTTP' : `by ${caller.person.id}`;
  return why === undefined ? `${what} ${by}` : `${what} ${by}: ${why}`;
}
