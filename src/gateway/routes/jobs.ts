import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { Job } from '../../systems/exchange/index.js';
import { requestBody } from '../../systems/exchange/model/index.js';
import { everyRole } from '../access/access-rule.js';
import { withAskingPerson } from '../access/asking-person.js';
import { assertInsight, assertOwner, insightInto, jobConcerns, visibleJob } from '../access/insight.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { jobPageSchema, jobSchema, jobWithRequestsSchema } from '../schemas/job.js';
import { answerAsked, askAnswers, askHeaders, askProblems } from './ask.js';
import { followUpExamples } from './body-examples.js';
import { outcomeRoutes } from './outcome.js';
import { listDescription, pageOptions, pageQuery, pageView } from './page-query.js';
import { byId } from './path-names.js';

const followUpBody = requestBody.omit({
  dataSet: true,
  dataProviders: true,
  archetype: true,
  computeProvider: true,
  mixedArchetypes: true,
});
const bodySchemas = {
  open: followUpBody.meta({ id: 'FollowUpBody' }),
  'signed-in': followUpBody
    .extend({ user: requestBody.shape.user.exactOptional() })
    .meta({ id: 'FollowUpBody' }),
} as const;
const cause = z.string().trim().min(1).max(500);

/** `/jobs`: approved requests, which may be asked again. */
export function jobRoutes(app: GatewayApp, services: Services): void {
  const { exchange, access } = services;
  const path = `${apiPrefix}/jobs`;

  app.get(
    path,
    {
      schema: {
        ...operation({
          id: 'listJobs',
          tag: 'Jobs',
          summary: 'List jobs, by their ids',
          description: listDescription,
          access: everyRole,
          answers: { 200: json('One page of jobs.', jobPageSchema) },
          problems: ['not-yours'],
        }),
        querystring: pageQuery,
      },
    },
    async ({ query, caller }) => {
      const { items, next } = await exchange.jobs(pageOptions(query, caller));
      const seen = items.flatMap((job) => {
        const insight = insightInto(jobConcerns(job), caller);
        return insight === undefined ? [] : [visibleJob(job, insight)];
      });
      return pageView(seen, next);
    },
  );

  app.get(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'readJob',
          tag: 'Jobs',
          summary: 'Read a job and the ids of its requests',
          access: everyRole,
          answers: { 200: json('The job.', jobWithRequestsSchema) },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
      },
    },
    async (request) => {
      const { id } = request.params;
      const [job, requests] = await Promise.all([exchange.job(id), exchange.jobRequests(id)]);
      return { ...seenBy(request.caller, job), requests };
    },
  );

  app.post(
    `${path}/:id/requests`,
    {
      schema: {
        ...operation({
          id: 'askAgain',
          tag: 'Jobs',
          summary: 'Ask a job again',
          access: ['requester'],
          asks: true,
          description:
            'Data set, providers, archetype and compute provider are those of the job. The agreements of now are checked; the steps ' +
            'are not composed anew. Waits as `POST /requests` does.',
          answers: askAnswers,
          problems: ['not-found', 'not-yours', 'job-ended', 'revision-conflict', ...askProblems],
          bodies: followUpExamples,
        }),
        params: byId,
        headers: askHeaders,
        body: bodySchemas[access.mode],
      },
    },
    async (request, reply) => {
      const { params, caller } = request;
      if (caller !== undefined) assertOwner(jobConcerns(await exchange.job(params.id)), caller);
      const asked = await exchange.followUp(params.id, withAskingPerson(request.body, caller), caller);
      return answerAsked(services, asked, request.headers.prefer, reply);
    },
  );

  app.delete(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'revokeJob',
          tag: 'Jobs',
          summary: 'Revoke a job',
          access: everyRole,
          description:
            'Ends the job and stops what it runs; a steward may do that where it uses the party. The cause is in the body or in the query.',
          answers: { 200: json('The job as it ended.', jobSchema) },
          problems: ['not-found', 'not-yours', 'job-ended'],
          bodies: { cause: { summary: 'With a cause', value: { cause: 'The project has ended.' } } },
        }),
        params: byId,
        querystring: z.strictObject({ cause: cause.optional().describe('Why, for those whose job it is.') }),
        body: z.strictObject({ cause }).optional(),
      },
    },
    async (request) => {
      const why = request.body?.cause ?? request.query.cause;
      if (why === undefined) {
        throw new StarlingError(
          'input-invalid',
          'Say why the job ends: add ?cause=… or a body { "cause": "…" }.',
          {
            details: { errors: [{ path: ['cause'], in: 'query', message: 'missing; say why the job ends' }] },
          },
        );
      }
      const { params, caller } = request;
      if (caller !== undefined) seenBy(caller, await exchange.job(params.id));
      return seenBy(caller, await exchange.revoke(params.id, why, caller));
    },
  );

  outcomeRoutes(app, services, {
    tag: 'Jobs',
    path: `${path}/:id`,
    what: 'job',
    requestId: async (id) => {
      const [newest] = await exchange.jobRequests(id);
      if (newest === undefined) throw new StarlingError('not-found', `Job ${id} has no request. Ask it one.`);
      return newest;
    },
  });
}

/** What the caller sees of a job. Throws `not-yours` where that is nothing. */
function seenBy(caller: Caller | undefined, job: Job): Job {
  return visibleJob(job, assertInsight(jobConcerns(job), caller));
}
