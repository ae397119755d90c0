import { z } from 'zod';
import type { Explanation, RequestEvent } from '../../systems/exchange/index.js';
import { algorithmSchema } from './composition.js';
import { errorSchema } from './problem.js';
import { composedSteps, isoTime, milliseconds, part, user } from './shared-parts.js';

const run = z.strictObject({
  party: z.string(),
  place: z.enum(['dataProvider', 'computeProvider']),
  archetype: z.string(),
  steps: composedSteps,
  state: z.enum(['running', 'done', 'failed']),
  startedAt: milliseconds,
  endedAt: milliseconds.exactOptional(),
  waitedMs: z.number().exactOptional().describe('How long it waited for a free process.'),
  phases: z.array(
    z.strictObject({
      name: z.enum([
        'open',
        'parse',
        'bind',
        'authorise',
        'execute',
        'count persons',
        'fingerprint',
        'combine',
        'merge',
      ]),
      ms: z.number(),
    }),
  ),
  statement: z.string().exactOptional().describe('The statement that ran, as its provider shows it.'),
  crossJoined: z
    .literal(true)
    .exactOptional()
    .describe('Set where a `JOIN` without a condition was taken as a cross join.'),
  read: z.array(z.string()).describe('Columns that were read.'),
  error: errorSchema.exactOptional(),
});

/** Why a request came to its end. */
export const explanationSchema = z
  .strictObject({
    request: z.string(),
    job: z.string().exactOptional(),
    state: z.enum(['running', 'answered', 'refused', 'failed', 'cancelled']),
    askedBy: user,
    askedAt: isoTime,
    tookMs: z.number().exactOptional(),
    question: z.strictObject({
      requestType: z.string(),
      dataSet: z.string(),
      query: z.string(),
      queryGiven: z.boolean(),
      algorithm: algorithmSchema.exactOptional(),
      options: z.array(z.string()),
    }),
    providers: z.array(
      z.strictObject({
        provider: z.string(),
        outcome: z.enum(['took part', 'left out', 'refused', 'absent', 'not placed']),
        because: z.array(z.string()),
        agreementRevision: z.int().min(0).exactOptional(),
        minimumGroupSize: z.int().min(0).exactOptional(),
        withheldGroups: z.int().min(0).exactOptional(),
      }),
    ),
    archetypes: z
      .array(z.strictObject({ name: z.string(), chosen: z.boolean(), because: z.array(z.string()) }))
      .describe('Every archetype that was considered, the chosen one first.'),
    parts: z.array(part).describe('Who answered under which archetype, and who computed.'),
    chains: z.array(run).describe('What ran where.'),
    crossings: z
      .array(
        z.strictObject({
          from: z.string(),
          to: z.string().describe('A party, or requester.'),
          what: z.enum(['answer', 'partials', 'rows']),
          rows: z.int().min(0),
          bytes: z.int().min(0),
        }),
      )
      .describe('What crossed a party’s border.'),
    notes: z.array(z.string()),
    error: errorSchema.exactOptional(),
  })
  .meta({ id: 'Explanation' }) satisfies z.ZodType<Explanation>;

/** The data of one event. */
export const requestEventSchema = z
  .strictObject({
    sequence: z
      .int()
      .min(0)
      .describe(
        'Counts from 1; it is the id of the event. Without gaps, unless the gateway was stopped before the end.',
      ),
    at: milliseconds,
    type: z.enum([
      'received',
      'approved',
      'refused',
      'placed',
      'run-started',
      'run-progress',
      'run-done',
      'run-failed',
      'answered',
      'failed',
      'cancelled',
    ]),
    party: z.string().exactOptional(),
    message: z.string(),
  })
  .meta({ id: 'RequestEvent' }) satisfies z.ZodType<RequestEvent>;
