import { z } from 'zod';
import type { RequestView } from '../request-view.js';
import { errorSchema } from './problem.js';
import { cell, pageOf, reason, user } from './shared-parts.js';

const time = z.iso.datetime();

const result = z
  .strictObject({
    providers: z.array(z.string()).describe('The providers whose data are in it.'),
    computedAt: z.string().describe('The party that computed it.'),
    columns: z.array(z.string()).exactOptional(),
    rows: z
      .union([z.array(z.record(z.string(), cell)), z.int()])
      .exactOptional()
      .describe('Figures; or the number of released rows, which come with the answer itself.'),
    withheld: z
      .strictObject({
        groups: z.int().describe('Groups of too few persons, which are held back.'),
        total: z.boolean().describe('Whether the total is held back as well, as it would give a group away.'),
        minimumGroupSize: z.int(),
      })
      .exactOptional(),
    named: z
      .record(z.string(), cell)
      .exactOptional()
      .describe('Figures by the names that the data set declares, such as avg_salary_scale_men.'),
    error: errorSchema.exactOptional().describe('Why there is no answer of these providers.'),
    link: z.string().exactOptional().describe('Where this result is alone.'),
  })
  .meta({ id: 'Result' });

/** A request as the API shows it. */
export const requestSchema = z
  .strictObject({
    id: z.string(),
    job: z
      .string()
      .exactOptional()
      .describe('The job that it made or follows up; none where it was refused.'),
    state: z.enum(['running', 'answered', 'refused', 'failed', 'cancelled']),
    user,
    askedAt: time,
    endedAt: time.exactOptional(),
    tookMs: z.number().exactOptional(),
    archetype: z.string().exactOptional(),
    results: z.array(result).describe('One merged result, or one of each provider.'),
    refused: z.array(z.strictObject({ provider: z.string(), reasons: z.array(reason) })),
    absent: z.array(z.string()).describe('Providers that allow it, and whose agents are offline.'),
    keptUntil: time.exactOptional().describe('Until when the answer is kept.'),
    error: errorSchema.exactOptional().describe('Why it was refused or failed as a whole.'),
    links: z.strictObject({
      self: z.string(),
      result: z.string(),
      explanation: z.string(),
      events: z.string(),
      job: z.string().exactOptional(),
    }),
  })
  .meta({ id: 'Request' }) satisfies z.ZodType<RequestView>;

/** Requests, newest first. */
export const requestPageSchema = pageOf(requestSchema, 'RequestPage');
