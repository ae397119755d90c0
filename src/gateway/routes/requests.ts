import { z } from 'zod';
import type { Caller } from '../../kernel/identity/index.js';
import type { RequestRecord } from '../../systems/exchange/index.js';
import { requestBody } from '../../systems/exchange/model/index.js';
import { everyRole } from '../access/access-rule.js';
import { withAskingPerson } from '../access/asking-person.js';
import { assertInsight, insightInto, requestConcerns, visibleRecord } from '../access/insight.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { type RequestView, requestView } from '../request-view.js';
import { dryRunSchema } from '../schemas/dry-run.js';
import { requestPageSchema, requestSchema } from '../schemas/request.js';
import { answerAsked, askAnswers, askHeaders, askProblems } from './ask.js';
import { requestExamples } from './body-examples.js';
import { outcomeRoutes } from './outcome.js';
import { listDescription, pageOptions, pageQuery, pageView } from './page-query.js';
import { byId } from './path-names.js';

const bodySchemas = {
  open: requestBody.meta({ id: 'RequestBody' }),
  'signed-in': requestBody
    .extend({ user: requestBody.shape.user.exactOptional() })
    .meta({ id: 'RequestBody' }),
} as const;

/** `/requests`: asking, and what came of it. */
export function requestRoutes(app: GatewayApp, services: Services): void {
  const { exchange, access } = services;
  const path = `${apiPrefix}/requests`;

  app.post(
    path,
    {
      schema: {
        ...operation({
          id: 'ask',
          tag: 'Requests',
          summary: 'Ask a question',
          access: ['requester'],
          asks: true,
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
        body: bodySchemas[access.mode],
      },
    },
    async (request, reply) => {
      const { caller } = request;
      const body = withAskingPerson(request.body, caller);
      if (request.query.dryRun === 'true') return reply.send(await exchange.dryRun(body));
      const asked = await exchange.ask(body, caller);
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
          description: listDescription,
          access: everyRole,
          answers: { 200: json('One page of requests.', requestPageSchema) },
          problems: ['not-yours'],
        }),
        querystring: pageQuery,
      },
    },
    async ({ query, caller }) => {
      const { items, next } = await exchange.requests(pageOptions(query, caller));
      const seen = items.flatMap((record) => {
        const insight = insightInto(requestConcerns(record), caller);
        return insight === undefined ? [] : [requestView(visibleRecord(record, insight))];
      });
      return pageView(seen, next);
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
          access: everyRole,
          description: 'How far it is, what it was answered, and who did not take part and why.',
          answers: { 200: json('The request.', requestSchema) },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }) => seenBy(caller, await exchange.request(params.id)),
  );

  app.delete(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'cancelRequest',
          tag: 'Requests',
          summary: 'Cancel a request',
          access: ['requester', 'operator'],
          description: 'Stops what it runs. Without effect on a request that has ended.',
          answers: { 200: json('The request as it ended.', requestSchema) },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }) => {
      if (caller !== undefined) seenBy(caller, await exchange.request(params.id));
      return seenBy(caller, await exchange.cancel(params.id));
    },
  );

  app.delete(
    `${path}/:id/answer`,
    {
      schema: {
        ...operation({
          id: 'eraseAnswer',
          tag: 'Requests',
          summary: 'Erase the answer of a request',
          access: ['requester', 'operator'],
          description:
            'Erases what was answered at once, before its time is over; the record stays and says so. Without effect where ' +
            'there is no answer, or none any more.',
          answers: { 200: json('The request without its answer.', requestSchema) },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }) => {
      if (caller !== undefined) seenBy(caller, await exchange.request(params.id));
      return seenBy(caller, await exchange.eraseAnswer(params.id, caller));
    },
  );

  outcomeRoutes(app, services, {
    tag: 'Requests',
    path: `${path}/:id`,
    what: 'request',
    requestId: async (id) => (await exchange.request(id)).id,
  });
}

/** What the caller sees of a request. Throws `not-yours` where that is nothing. */
function seenBy(caller: Caller | undefined, record: RequestRecord): RequestView {
  return requestView(visibleRecord(record, assertInsight(requestConcerns(record), caller)));
}
