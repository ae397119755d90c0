import { json as readJson } from 'node:stream/consumers';
import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  type AnsweredResult,
  dynamosBody,
  dynamosReadings,
  dynamosRequest,
  dynamosResponse,
  inAskedOrder,
} from '../../systems/exchange/compat.js';
import type { Exchange, RequestRecord } from '../../systems/exchange/index.js';
import { everyRole } from '../access/access-rule.js';
import { withAskingPerson } from '../access/asking-person.js';
import { assertOwner, jobConcerns } from '../access/insight.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { publicError } from '../problem.js';
import { requestView } from '../request-view.js';
import {
  availableProviders,
  requestApprovalAnswer,
  requestApprovalBody,
  sqlDataAnswer,
  sqlDataRequestBody,
} from '../schemas/dynamos.js';
import { answeredRecord, askProblems } from './ask.js';
import { noSuch } from './path-names.js';

const user = { id: '12324', userName: 'ada@university.example' };
const question = {
  query: 'SELECT * FROM Personen p JOIN Aanstellingen s LIMIT 1000',
  algorithm: 'average',
  options: { graph: false, aggregate: false },
} as const;

/** Asking as clients of DYNAMOS do, at the paths and in the forms that they know. */
export function dynamosRequestRoutes(app: GatewayApp, services: Services): void {
  const { exchange, access } = services;
  const signedIn = access.mode === 'signed-in';
  /** Who asks, for a body of ours. */
  const named = (given: { readonly userName: string } | undefined) =>
    given === undefined ? {} : { user: { id: given.userName } };

  app.post(
    `${apiPrefix}/requestApproval`,
    {
      schema: {
        ...operation({
          id: 'requestApproval',
          tag: 'DYNAMOS',
          summary: 'Ask a question, as clients of DYNAMOS do',
          access: ['requester'],
          asks: true,
          description:
            'As `POST /requests`, which new clients should use. With `aggregate` an archetype is preferred where a third party ' +
            'gets rows; with `aggregate: false` and several providers one where each computes by itself. A `JOIN` without `ON` is ' +
            'a cross join here, and only here; the explanation says so.',
          answers: { 200: json('The answers.', requestApprovalAnswer) },
          problems: askProblems,
          bodies: {
            documented: {
              summary: 'The example of its documentation',
              value: {
                type: 'sqlDataRequest',
                user,
                dataProviders: ['VU', 'UVA'],
                data_request: { type: 'sqlDataRequest', ...question, requestMetadata: {} },
              },
            },
          },
        }),
        body: signedIn ? requestApprovalBody.partial({ user: true }) : requestApprovalBody,
      },
    },
    async (request, reply) => {
      const { body, caller } = request;
      const { type, dataProviders, data_request: asked } = body;
      const { user: person } = withAskingPerson(named(body.user), caller);
      const ours = await dynamosRequest({ ...asked, type, dataProviders, user: person }, exchange);
      const taken = await exchange.ask(ours, caller, dynamosReadings);
      const record = await answeredRecord(services, taken, reply);
      const results = inAskedOrder(await wholeResults(record, exchange, caller), dataProviders);
      const { refused, absent } = requestView(record);
      return {
        jobId: record.job ?? '',
        responses: results.map(dynamosResponse),
        results: results.map((result) => ({
          providers: result.providers,
          computedAt: result.computedAt,
          response: dynamosResponse(result),
          ...(result.error === undefined ? {} : { error: publicError(result.error) }),
        })),
        refused,
        absent,
        request: record.id,
      };
    },
  );

  app.post(
    '/agent/v1/sqlDataRequest/:steward',
    {
      schema: {
        ...operation({
          id: 'sqlDataRequest',
          tag: 'DYNAMOS',
          summary: 'Ask a job again at one party, as clients of DYNAMOS do',
          access: ['requester'],
          asks: true,
          description:
            'As `POST /jobs/{id}/requests`, of one party alone: a provider that answers by itself, or the third party that merges. ' +
            'The party is named in any case.',
          answers: { 200: json('The answer.', sqlDataAnswer) },
          problems: ['not-found', 'not-yours', 'job-ended', 'revision-conflict', ...askProblems],
          bodies: {
            again: {
              summary: 'The same question again',
              value: {
                type: 'sqlDataRequest',
                user,
                ...question,
                requestMetadata: { jobId: 'ada-00000001' },
              },
            },
          },
        }),
        params: z.strictObject({ steward: z.string().min(1).max(200) }),
        body: signedIn ? sqlDataRequestBody.partial({ user: true }) : sqlDataRequestBody,
      },
    },
    async (request, reply) => {
      const { body, caller, params } = request;
      const party = partyNamed(params.steward, exchange);
      const job = await exchange.job(body.requestMetadata.jobId);
      if (caller !== undefined) assertOwner(jobConcerns(job), caller);
      const { user: person } = withAskingPerson(named(body.user), caller);
      const { dataProviders: _, ...ours } = dynamosBody(
        { ...body, dataProviders: [], user: person },
        exchange.catalogue(),
      );
      const taken = await exchange.followUp(job.id, ours, caller, { ...dynamosReadings, party });
      const record = await answeredRecord(services, taken, reply);
      const [result] = await wholeResults(record, exchange, caller);
      if (result === undefined) throw new StarlingError('internal', `Request ${record.id} has no result.`);
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .send(JSON.parse(dynamosResponse(result)));
    },
  );

  app.get(
    `${apiPrefix}/getAvailableProviders`,
    {
      schema: operation({
        id: 'getAvailableProviders',
        tag: 'DYNAMOS',
        summary: 'List the parties whose agents are there, as clients of DYNAMOS do',
        access: everyRole,
        answers: { 200: json('The parties, by name.', availableProviders) },
      }),
    },
    async () => {
      const dns = new URL(services.url()).hostname;
      const online = exchange.agents().flatMap(({ party, online, connection }) => {
        const since = new Date(connection?.since ?? services.startedAt.wallTime).toISOString();
        const details = {
          name: party,
          ActiveSince: since,
          ConfigUpdated: since,
          routingKey: `${party}-in`,
          dns,
        };
        return online ? [[party, details]] : [];
      });
      return Object.fromEntries(online);
    },
  );
}

/** The results of a request with all their rows, which lie beside the record. */
async function wholeResults(
  record: RequestRecord,
  exchange: Exchange,
  caller: Parameters<Exchange['ask']>[1],
): Promise<AnsweredResult[]> {
  if (record.results.every(({ rows }) => rows === undefined)) {
    return record.results.map((result) => ({
      ...result,
      columns: result.table?.columns ?? [],
      rows: result.table?.rows ?? [],
    }));
  }
  const { body } = await exchange.answer(record.id, 'json', { caller });
  return ((await readJson(body)) as { readonly results: AnsweredResult[] }).results;
}

function partyNamed(name: string, exchange: Exchange): string {
  const parties = [...exchange.catalogue().parties.keys()];
  const found = parties.find((party) => party.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw noSuch('party', name, parties);
  return found;
}
