import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { HostContract } from '../../../runtime/index.js';
import { apiPrefix, type GatewayApp, type Services } from '../../app.js';
import { json, operation } from '../../operation.js';
import {
  hostLease,
  hostLeaseSchema,
  hostLinesSchema,
  hostOrdersSchema,
  instanceTokenBody,
  instanceTokenSchema,
  registrationSchema,
  reportSchema,
} from '../../schemas/host.js';
import { eventStreamType, type SentEvent } from '../../server-sent-events.js';
import { byName } from '../path-names.js';

const tag = 'Hosts';
const access = ['host {name}'] as const;
const lapsing = ['lease-lapsed', 'storage-full', 'storage-failed'] as const;
const underLease = z.strictObject({ lease: hostLease });

/** What hosts say and hear, each under its own name. */
export function deskRoutes(app: GatewayApp, { eventStreams }: Services, desk: HostContract): void {
  const path = `${apiPrefix}/hosts/:name`;
  app.post(
    `${path}/registration`,
    {
      schema: {
        ...operation({
          id: 'registerHost',
          tag,
          summary: 'Come as a host',
          description:
            'A host that comes back proves by its `identity` that it is the one that has the name.',
          access,
          works: true,
          answers: { 200: json('The lease under which it speaks from now on.', hostLeaseSchema) },
          problems: ['name-taken', 'clock-skewed', 'revision-conflict', 'storage-full', 'storage-failed'],
          bodies: {
            first: {
              summary: 'With eight places',
              value: {
                capacity: 8,
                identity: 'b2NlYW5zLW9mLXRpbWU-1',
                life: '0b1d3c5e-7f90-4a21-8b43-c65d87e9f0a1',
                version: '0.1.0',
                wallTime: 1_704_067_200_000,
              },
            },
          },
        }),
        params: byName,
        body: registrationSchema,
      },
    },
    ({ params, body }) => desk.register(params.name, body),
  );

  app.delete(
    `${path}/registration`,
    {
      schema: {
        ...operation({
          id: 'leaveAsHost',
          tag,
          summary: 'Leave as a host',
          access,
          works: true,
          answers: { 204: z.null().describe('It is gone, and what it told of.') },
          problems: lapsing,
        }),
        params: byName,
        querystring: underLease,
      },
    },
    async ({ params, query }, reply) => {
      await desk.leave(params.name, query.lease);
      return reply.status(204).send();
    },
  );

  app.post(
    `${path}/reports`,
    {
      schema: {
        ...operation({
          id: 'reportAsHost',
          tag,
          summary: 'Tell what has changed at a host',
          description: 'The lease counts for its full time again.',
          access,
          works: true,
          answers: { 200: json('The lease.', hostLeaseSchema) },
          problems: [...lapsing, 'revision-conflict'],
          bodies: {
            alive: {
              summary: 'Nothing has changed',
              value: { lease: 'l-1', sequence: 1, changed: [], gone: [] },
            },
          },
        }),
        params: byName,
        body: reportSchema,
      },
    },
    ({ params, body }) => desk.report(params.name, body),
  );

  app.get(
    `${path}/orders`,
    {
      // HEAD would never end
      exposeHeadRoute: false,
      schema: {
        ...operation({
          id: 'followHostOrders',
          tag,
          summary: 'Follow what a host is to keep',
          description:
            'Server-sent events: all that it is to keep, now and after each change. Whoever lost its connection is told all of ' +
            'it again.',
          access,
          works: true,
          answers: {
            200: {
              description: 'The events; the schema is that of the data of one.',
              content: { [eventStreamType]: { schema: hostOrdersSchema } },
            },
          },
          problems: lapsing,
        }),
        params: byName,
        querystring: underLease,
      },
    },
    async ({ params, query }, reply) => {
      // that the lease has lapsed is to be told as such, before the stream begins
      const ended = new AbortController();
      const orders = desk.orders(params.name, query.lease, ended.signal)[Symbol.asyncIterator]();
      const first = await orders.next();
      return reply
        .headers({ 'content-type': eventStreamType, connection: 'close', 'x-accel-buffering': 'no' })
        .send(
          eventStreams.open(async function* (signal): AsyncGenerator<SentEvent> {
            const end = () => ended.abort();
            if (signal.aborted) end();
            signal.addEventListener('abort', end, { once: true });
            try {
              for (let next = first, id = 1; next.done !== true; next = await orders.next(), id += 1)
                yield { id: String(id), type: 'orders', data: next.value };
            } catch (thrown) {
              // the host is told so when it asks again
              if (!(thrown instanceof StarlingError && thrown.code === 'lease-lapsed')) throw thrown;
            } finally {
              end();
              await orders.return?.(undefined);
            }
          }),
        );
    },
  );

  app.post(
    `${path}/tokens`,
    {
      schema: {
        ...operation({
          id: 'mintInstanceToken',
          tag,
          summary: 'Get a token for an instance of a service that the host is to keep',
          access,
          works: true,
          answers: { 200: json('The token; none where nobody signs in.', instanceTokenSchema) },
          problems: [...lapsing, 'not-yours'],
          bodies: {
            one: {
              summary: 'For an instance',
              value: { lease: 'l-1', service: 'photo-worker', id: 'photo-worker-0-0a0b0c0d' },
            },
          },
        }),
        params: byName,
        body: instanceTokenBody,
      },
    },
    async ({ params, body }) => (await desk.token(params.name, body.lease, body)) ?? {},
  );

  app.post(
    `${path}/lines`,
    {
      schema: {
        ...operation({
          id: 'sendServiceLines',
          tag,
          summary: 'Hand on what instances of a service write',
          access,
          works: true,
          answers: { 204: z.null().describe('They are there for whoever reads them.') },
          problems: lapsing,
          bodies: {
            none: { summary: 'Nothing', value: { lease: 'l-1', service: 'photo-worker', lines: [] } },
          },
        }),
        params: byName,
        body: hostLinesSchema,
      },
    },
    async ({ params, body }, reply) => {
      await desk.log(params.name, body.lease, body.service, body.lines);
      return reply.status(204).send();
    },
  );
}
