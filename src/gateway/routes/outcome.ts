import { z } from 'zod';
import type { ErrorCode } from '../../kernel/errors/index.js';
import type { Explanation } from '../../systems/exchange/index.js';
import { everyRole } from '../access/access-rule.js';
import { assertInsight, assertOwner, requestConcerns, visibleExplanation } from '../access/insight.js';
import { chooseFormat } from '../answer-format.js';
import type { GatewayApp, Services } from '../app.js';
import { json, operation } from '../operation.js';
import { publicError } from '../problem.js';
import { answerSchema, arrowAnswerSchema, csvAnswerSchema } from '../schemas/answer.js';
import { explanationSchema } from '../schemas/explanation.js';
import { eventRoute } from './events.js';
import type { OutcomeOptions } from './outcome-options.js';
import { byId } from './path-names.js';

const noAnswer: readonly ErrorCode[] = [
  'not-found',
  'not-yours',
  'result-not-ready',
  'result-gone',
  'format-unavailable',
  'request-refused',
  'run-failed',
];

/** `…/result`, `…/explanation` and `…/events`, of a request or of a job's newest request. */
export function outcomeRoutes(app: GatewayApp, services: Services, options: OutcomeOptions): void {
  const { tag, path, what, requestId } = options;
  const { exchange, telemetry } = services;
  const [whose, title] =
    what === 'request' ? ['the request', 'Request'] : ['the newest request of the job', 'Job'];

  app.get(
    `${path}/result`,
    {
      schema: {
        ...operation({
          id: `read${title}Result`,
          tag,
          summary: `Read the answer of ${whose}`,
          access: ['requester'],
          description:
            'As JSON, CSV or an Arrow IPC stream, by `format` or else by the Accept header. An Arrow stream holds the rows ' +
            'of one provider, so `result` is needed where several released rows.\n\n' +
            `Where there is no answer, the problem is what ${whose} ended with.`,
          answers: {
            200: {
              description: 'The answer.',
              content: {
                'application/json': { schema: answerSchema },
                'text/csv': { schema: csvAnswerSchema },
                'application/vnd.apache.arrow.stream': { schema: arrowAnswerSchema },
              },
            },
          },
          problems: noAnswer,
        }),
        params: byId,
        querystring: z.strictObject({
          format: z
            .string()
            .max(50)
            .optional()
            .describe('The form of the answer. Default: by the Accept header, else json.')
            .meta({ enum: ['json', 'csv', 'arrow'] }),
          result: z.coerce
            .number()
            .int()
            .min(0)
            .optional()
            .describe('Of several results only this one, counted from 0.'),
        }),
        headers: z.looseObject({ accept: z.string().max(1000).optional() }),
      },
    },
    async (request, reply) => {
      const format = chooseFormat(request.query.format, request.headers.accept);
      const id = await requestId(request.params.id);
      const { caller } = request;
      if (caller !== undefined) assertOwner(requestConcerns(await exchange.request(id)), caller);
      const answer = await exchange.answer(id, format, { result: request.query.result, caller });
      answer.body.once('error', (error) => {
        telemetry.logger.error({ err: error, request: id }, 'an answer broke off');
      });
      const disposition = format === 'json' ? 'inline' : 'attachment';
      return reply
        .headers({
          'content-type': answer.contentType,
          'content-disposition': `${disposition}; filename="${answer.fileName.replace(/[^\w.-]/g, '_')}"`,
          vary: 'accept',
        })
        .send(answer.body);
    },
  );

  app.get(
    `${path}/explanation`,
    {
      schema: {
        ...operation({
          id: `explain${title}`,
          tag,
          summary: `Explain ${whose}`,
          access: everyRole,
          description:
            'Who decided what and on what ground, which archetypes were considered, what ran where, and what crossed a border.',
          answers: { 200: json('The explanation.', explanationSchema) },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
      },
    },
    async (request) => {
      const id = await requestId(request.params.id);
      const explanation = publicExplanation(await exchange.explanation(id));
      const { caller } = request;
      if (caller === undefined) return explanation;
      const insight = assertInsight(requestConcerns(await exchange.request(id)), caller);
      return visibleExplanation(explanation, insight);
    },
  );

  eventRoute(app, services, options, whose);
}

function publicExplanation(explanation: Explanation): Explanation {
  const { error, chains } = explanation;
  return {
    ...explanation,
    chains: chains.map((run) => ({
      ...run,
      ...(run.error === undefined ? {} : { error: publicError(run.error) }),
    })),
    ...(error === undefined ? {} : { error: publicError(error) }),
  };
}
