import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import { type AgentLink, apiPrefix, type GatewayApp, type Services } from '../app.js';
import { linkPath } from '../listener/link-upgrades.js';
import { json, operation } from '../operation.js';
import { enrolmentsSchema, invitationSchema, redemptionSchema, welcomeSchema } from '../schemas/enrolment.js';
import { byId, noSuch } from './path-names.js';

const dayMs = 86_400_000;

/** A redemption is a key and a signature. */
const redemptionBytes = 16_384;

/** How agents come to be known, and where they connect. */
export function enrolmentRoutes(app: GatewayApp, services: Services, link: AgentLink): void {
  const { enrolments } = link;
  const { exchange } = services;
  const path = `${apiPrefix}/parties/:id/enrolment`;

  app.post(
    `${apiPrefix}/enrolments`,
    {
      bodyLimit: redemptionBytes,
      schema: {
        ...operation({
          id: 'redeemEnrolment',
          tag: 'Parties',
          summary: 'Enrol an agent with its one-time token',
          description:
            'Pins the key of the party, and answers with that of the gateway. `starling enroll` does it; the token counts once.',
          access: 'anyone',
          rare: true,
          answers: { 201: json('The gateway’s own key, signed by it.', welcomeSchema) },
          problems: [
            'enrolment-refused',
            'signature-invalid',
            'input-too-large',
            'media-type-unsupported',
            'storage-full',
            'storage-failed',
          ],
        }),
        body: redemptionSchema,
      },
    },
    async (request, reply) => reply.status(201).send(await enrolments.redeem(request.body)),
  );

  app.get(
    `${apiPrefix}/enrolments`,
    {
      schema: operation({
        id: 'listEnrolments',
        tag: 'Parties',
        summary: 'List the parties that are enrolled or invited',
        access: ['operator'],
        answers: { 200: json('Who is enrolled with which key, and who is invited.', enrolmentsSchema) },
        problems: ['storage-failed'],
      }),
    },
    async () => ({ items: await enrolments.list() }),
  );

  app.post(
    path,
    {
      schema: {
        ...operation({
          id: 'inviteAgent',
          tag: 'Parties',
          summary: 'Invite the agent of a party',
          description:
            'A one-time token, to be handed to whoever runs the agent by a way that others cannot read. An earlier one of the party is void.',
          access: ['operator'],
          answers: { 201: json('The token, which is shown only now.', invitationSchema) },
          problems: ['not-found', 'storage-full', 'storage-failed'],
        }),
        params: byId,
        querystring: z.strictObject({
          days: z.coerce.number().int().min(1).max(30).default(7).describe('How long the token counts.'),
        }),
      },
    },
    async ({ params, query, caller }, reply) => {
      const { parties } = exchange.catalogue();
      if (!parties.has(params.id)) throw noSuch('party', params.id, parties.keys());
      const by = caller?.person.id ?? 'somebody in open mode';
      const invitation = { url: services.url(), ttlMs: query.days * dayMs, by };
      return reply.status(201).send(await enrolments.invite(params.id, invitation));
    },
  );

  app.delete(
    path,
    {
      schema: {
        ...operation({
          id: 'revokeEnrolment',
          tag: 'Parties',
          summary: 'Revoke the enrolment of a party',
          description: 'Forgets its key and its token, and ends its stream. Its agent must be invited anew.',
          access: ['operator'],
          answers: { 204: z.null().describe('The party is not enrolled any more.') },
          problems: ['not-found', 'storage-full', 'storage-failed'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }, reply) => {
      await enrolments.revoke(params.id, caller?.person.id ?? 'somebody in open mode');
      return reply.status(204).send();
    },
  );

  app.get(
    linkPath,
    {
      schema: operation({
        id: 'connectAgent',
        tag: 'Parties',
        summary: 'The stream of an agent',
        description: 'A WebSocket (RFC 6455) that agents open; both ends prove who they are by their keys.',
        access: 'anyone',
        answers: { 101: z.null().describe('The stream is open.') },
      }),
    },
    async () => {
      throw new StarlingError(
        'input-invalid',
        'Agents connect here by a WebSocket: send Upgrade: websocket.',
      );
    },
  );
}
