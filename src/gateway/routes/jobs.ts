import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import { requestBody } from '../../systems/exchange/model/index.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { jobPageSchema, jobSchema, jobWithRequestsSchema } from '../schemas/job.js';
import { answerAsked, askAnswers, askHeaders, askProblems } from './ask.js';
import { followUpExamples } from './body-examples.js';
import { outcomeRoutes } from './outcome.js';
import { pageOptions, pageQuery } from './page-query.js';
import { byId } from './path-names.js';

const followUpBody = requestBody
  .omit({ dataSet: true, dataProviders: true, archetype: true, computeProvider: true })
  .meta({ id: 'FollowUpBody' });
const cause = z.string().trim().min(1).max(500);

/** `/jobs`: approved requests, which may be asked again. */
export function jobRoutes(app: GatewayApp, services: Services): void {
  const { exchange } = services;
  const path = `${apiPrefix}/jobs`;

  app.get(
    path,
    {
      schema: {
        ...operation({
          id: 'listJobs',
          tag: 'Jobs',
          summary: 'List jobs',
          answers: { 200: json('One page of jobs.', jobPageSchema) },
        }),
        querystring: pageQuery,
      },
    },
    async (request) => exchange.jobs(pageOptions(request.query)),
  );

  app.get(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'readJob',
          tag: 'Jobs',
          summary: 'Read a job and the ids of its requests',
          answers: { 200: json('The job.', jobWithRequestsSchema) },
          problems: ['not-found'],
        }),
        params: byId,
      },
    },
    async (request) => {
      const { id } = request.params;
      const [job, requests] = await Promise.all([exchange.job(id), exchange.jobRequests(id)]);
      return { ...job, requests };
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
          description:
            'Data set, providers, archetype and compute provider are those of the job. The agreements of now are checked; the steps ' +
            'are not composed anew. Waits as `POST /requests` does.',
          answers: askAnswers,
          problems: ['not-found', 'not-yours', 'job-ended', 'revision-conflict', ...askProblems],
          bodies: followUpExamples,
        }),
        params: byId,
        headers: askHeaders,
        body: followUpBody,
      },
    },
    async (request, reply) => {
      const asked = await exchange.followUp(request.params.id, request.body);
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
          description: 'Ends the job and stops what it runs. The cause is in the body or in the query.',
          answers: { 200: json('The job as it ended.', jobSchema) },
          problems: ['not-found', 'job-ended'],
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
      return exchange.revoke(request.params.id, why);
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
