import { z } from 'zod';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { removedUserListSchema, removedUserSchema } from '../schemas/removed-user.js';
import { byId } from './path-names.js';

/** `/users`: people whom the operator removed from this gateway, and admits again. */
export function userRoutes(app: GatewayApp, { exchange }: Services): void {
  const path = `${apiPrefix}/users`;

  app.get(
    path,
    {
      schema: operation({
        id: 'listRemovedUsers',
        tag: 'Operation',
        summary: 'List the people who are removed',
        access: ['operator'],
        answers: { 200: json('All who are removed, by id.', removedUserListSchema) },
      }),
    },
    async () => ({ items: [...exchange.removedUsers()] }),
  );

  app.delete(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'removeUser',
          tag: 'Operation',
          summary: 'Remove a person',
          description:
            'Ends all live jobs of the person, stops what runs for them, and refuses further requests until the person is ' +
            'admitted again. It is this gateway’s own rule: the agreements of the providers stay as they are.',
          access: ['operator'],
          answers: { 200: json('The person as removed.', removedUserSchema) },
          problems: ['storage-full', 'storage-failed'],
        }),
        params: byId,
        querystring: z.strictObject({
          cause: z.string().trim().min(1).max(500).describe('Why, for the person.'),
        }),
      },
    },
    async ({ params, query, caller }) => exchange.removeUser(params.id, query.cause, caller),
  );

  app.put(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'admitUser',
          tag: 'Operation',
          summary: 'Admit a person again',
          description: 'Jobs that ended stay ended. Without effect on a person who was not removed.',
          access: ['operator'],
          answers: { 204: z.null().describe('The person may ask again, as far as agreements allow.') },
          problems: ['storage-full', 'storage-failed'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }, reply) => {
      await exchange.admitUser(params.id, caller);
      return reply.status(204).send();
    },
  );
}
