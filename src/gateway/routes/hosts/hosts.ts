import { z } from 'zod';
import type { Host, Hosts } from '../../../runtime/index.js';
import { apiPrefix, type GatewayApp, type GatewayRequest } from '../../app.js';
import { json, operation } from '../../operation.js';
import { hostListSchema, hostSchema } from '../../schemas/host.js';
import { byName } from '../path-names.js';

const tag = 'Hosts';
const access = ['operator'] as const;
const because = z.string().trim().min(1).max(500);

/** `/hosts` for operators: what machines there are, and which of them are to keep nothing. */
export function hostRoutes(app: GatewayApp, hosts: Hosts): void {
  const path = `${apiPrefix}/hosts`;
  app.get(
    path,
    {
      schema: operation({
        id: 'listHosts',
        tag,
        summary: 'List all hosts',
        description: 'Also those that are gone, until they are removed.',
        access,
        answers: { 200: json('All hosts, by name.', hostListSchema) },
      }),
    },
    async () => ({ items: (await hosts.list()).map(hostView) }),
  );

  app.post(
    `${path}/:name/drain`,
    {
      schema: {
        ...operation({
          id: 'drainHost',
          tag,
          summary: 'Have a host keep nothing',
          description:
            'Its instances are moved to other hosts, one after the other: each ends there once it is ready elsewhere. It is ' +
            'answered when that is stored.',
          access,
          answers: { 200: json('The host.', hostSchema) },
          problems: ['not-found', 'storage-full', 'storage-failed'],
          bodies: { update: { summary: 'For an update', value: { because: 'it gets a new kernel' } } },
        }),
        params: byName,
        body: z.strictObject({ because: because.exactOptional() }),
      },
    },
    async (request) => {
      const cause = { because: told('drained', request, request.body.because) };
      return hostView(await hosts.drain(request.params.name, true, cause));
    },
  );

  app.delete(
    `${path}/:name/drain`,
    {
      schema: {
        ...operation({
          id: 'openHost',
          tag,
          summary: 'Let a drained host take instances again',
          access,
          answers: { 200: json('The host.', hostSchema) },
          problems: ['not-found', 'storage-full', 'storage-failed'],
        }),
        params: byName,
      },
    },
    async (request) =>
      hostView(await hosts.drain(request.params.name, false, { because: told('opened', request) })),
  );

  app.delete(
    `${path}/:name`,
    {
      schema: {
        ...operation({
          id: 'removeHost',
          tag,
          summary: 'Forget a host',
          description: 'One that is there has to be drained first, and to keep nothing; it is told to end.',
          access,
          answers: { 204: z.null().describe('It is forgotten.') },
          problems: ['not-found', 'host-in-use', 'revision-conflict', 'storage-full', 'storage-failed'],
        }),
        params: byName,
      },
    },
    async ({ params }, reply) => {
      await hosts.remove(params.name);
      return reply.status(204).send();
    },
  );
}

function hostView({ instances, ...host }: Host) {
  return {
    ...host,
    instances: instances.map(({ service, id, slot, state }) => ({ service, id, slot, state })),
  };
}

/** Who did it, and why, as others read it. */
function told(what: string, { caller }: Pick<GatewayRequest, 'caller'>, why?: string): string {
  const by = caller === undefined ? 'over HTTP' : `by ${caller.person.id}`;
  return why === undefined ? `${what} ${by}` : `${what} ${by}: ${why}`;
}
