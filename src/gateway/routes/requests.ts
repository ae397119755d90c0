import { z } from 'zod';
import { requestBody } from '../../systems/exchange/model/index.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { requestView } from '../request-view.js';
import { dryRunSchema } from '../schemas/dry-run.js';
import { requestPageSchema, requestSchema } from '../schemas/request.js';
import { answerAsked, askAnswers, askHeaders, askProblems } from './ask.js';
import { requestExamples } from './body-examples.js';
import { outcomeRoutes } from './outcome.js';
import { pageOptions, pageQuery } from './page-query.js';
import { byId } from './path-names.js';

const requestBodySchema = requestBody.meta({ id: 'RequestBody' });

/** `/requests`: asking, and what came of it. */
export function requestRoutes(app: GatewayApp, services: Services): void {
  const { exchange } = services;
  const path = `${apiPrefix}/requests`;

  app.post(
    path,
    {
      schema: {
        ...operation({
          id: 'ask',
          tag: 'Requests',
          summary: 'Ask a question',
          description:
            'Asks data providers, each of which answers only what its agreement with the person allows.\n\n' +
            'Waits for the end of the request, unless `Prefer: respond-async` is sent. A client that goes away while it ' +
            'waits cancels the request. With `dryRun=true` nothing is run: the answer says who would allow what, and why not.\n\n' +
            'A request that was refused or failed is answered with a problem; its member `request` is the id, with which it ' +
            'can be explained.',
          answers: {
            ...askAnswers,
            200: json(
              'The request was answered; or, with `dryRun=true`, what would come of it.',
              z.union([requestSchema, dryRunSchema]),
            ),
          },
          problems: askProblems,
          bodies: requestExamples,
        }),
        querystring: z.strictObject({
          dryRun: z
            .enum(['true', 'false'])
            .default('false')
            .describe('Only say what would come of it, and run nothing.'),
        }),
        headers: askHeaders,
        body: requestBodySchema,
      },
    },
    async (request, reply) => {
      if (request.query.dryRun === 'true') return reply.send(await exchange.dryRun(request.body));
      const asked = await exchange.ask(request.body);
      return answerAsked(services, asked, request.headers.prefer, reply);
    },
  );

  app.get(
    path,
    {
      schema: {
        ...operation({
          id: 'listRequests',
          tag: 'Requests',
          summary: 'List requests, newest first',
          answers: { 200: json('One page of requests.', requestPageSchema) },
        }),
        querystring: pageQuery,
      },
    },
    async (request) => {
      const { items, next } = await exchange.requests(pageOptions(request.query));
      return { items: items.map(requestView), ...(next === undefined ? {} : { next }) };
    },
  );

  app.get(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'readRequest',
          tag: 'Requests',
          summary: 'Read a request',
          description: 'How far it is, what it was answered, and who did not take part and why.',
          answers: { 200: json('The request.', requestSchema) },
          problems: ['not-found'],
        }),
        params: byId,
      },
    },
    async (request) => requestView(await exchange.request(request.params.id)),
  );

  app.delete(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'cancelRequest',
          tag: 'Requests',
          summary: 'Cancel a request',
          description: 'Stops what it runs. Without effect on a request that has ended.',
          answers: { 200: json('The request as it ended.', requestSchema) },
          problems: ['not-found'],
        }),
        params: byId,
      },
    },
    async (request) => requestView(await exchange.cancel(request.params.id)),
  );

  outcomeRoutes(app, services, {
    tag: 'Requests',
    path: `${path}/:id`,
    what: 'request',
    requestId: async (id) => (await exchange.request(id)).id,
  });
}
