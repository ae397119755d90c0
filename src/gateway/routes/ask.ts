import { z } from 'zod';
import { type ErrorCode, StarlingError } from '../../kernel/errors/index.js';
import type { AskedRequest, RequestRecord } from '../../systems/exchange/index.js';
import type { GatewayReply, Services } from '../app.js';
import { json } from '../operation.js';
import { requestPath, requestView } from '../request-view.js';
import { requestSchema } from '../schemas/request.js';

/** The headers of a request that may take a while. */
export const askHeaders = z.looseObject({
  prefer: z
    .string()
    .max(200)
    .optional()
    .describe('With `respond-async` the answer comes at once, with the request as far as it is (RFC 7240).'),
});

/** What asking answers with. */
export const askAnswers = {
  200: json('The request was answered.', requestSchema),
  202: json('The request is taken; `Location` is where it is followed.', requestSchema),
};

/** How asking can fail: not understood, refused, or failed on the way. */
export const askProblems: readonly ErrorCode[] = [
  'unknown-party',
  'unknown-data-set',
  'unknown-request-type',
  'unknown-archetype',
  'unknown-step',
  'unknown-option',
  'composition-invalid',
  'input-too-large',
  'media-type-unsupported',
  'request-refused',
  'no-common-archetype',
  'statement-invalid',
  'statement-refused',
  'order-refused',
  'provider-unavailable',
  'data-set-unavailable',
  'pool-exhausted',
  'run-failed',
  'run-died',
  'time-limit',
  'memory-limit',
  'result-too-large',
  'request-cancelled',
  'storage-full',
  'storage-failed',
];

/** Whether a Prefer header asks for an answer at once. */
export function prefersAsync(prefer: string | undefined): boolean {
  return (prefer ?? '')
    .split(',')
    .some((part) => part.split(';')[0]?.trim().toLowerCase() === 'respond-async');
}

/**
 * Answers for a request that was taken: at once where that is preferred, else at its end. Throws what it ended with, the
 * request's id in `details.request`. A client that goes away while it waits cancels the request.
 */
export async function answerAsked(
  services: Services,
  asked: AskedRequest,
  prefer: string | undefined,
  reply: GatewayReply,
): Promise<GatewayReply> {
  const { exchange, openRequests } = services;
  openRequests.add(asked);
  if (prefersAsync(prefer)) {
    const record = await exchange.request(asked.id);
    return reply
      .status(202)
      .headers({ location: requestPath(asked.id), 'preference-applied': 'respond-async' })
      .send(requestView(record));
  }
  return reply.send(requestView(await endedWell(services, asked, reply)));
}

/** As `answerAsked`, the record alone and always at its end. */
export async function answeredRecord(
  services: Services,
  asked: AskedRequest,
  reply: GatewayReply,
): Promise<RequestRecord> {
  services.openRequests.add(asked);
  return endedWell(services, asked, reply);
}

async function endedWell(
  { openRequests }: Services,
  asked: AskedRequest,
  reply: GatewayReply,
): Promise<RequestRecord> {
  const record = await openRequests.untilEnded(asked, reply.raw);
  if (record.state === 'answered') return record;
  const { code, message, details } = record.error ?? {
    code: 'internal' as const,
    message: `Request ${record.id} ended as ${record.state} without a reason.`,
  };
  throw new StarlingError(code, message, { details: { ...details, request: record.id } });
}
