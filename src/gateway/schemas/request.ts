import { z } from 'zod';
import type { RequestView } from '../request-view.js';
import { errorSchema } from './problem.js';
import { cell, isoTime, pageOf, reason, user } from './shared-parts.js';

const path = '/api/v1/requests/r-2govd5415d2fa';

const example: RequestView = {
  id: 'r-2govd5415d2fa',
  job: 'ada-0f3b2c1d',
  state: 'answered',
  user: { id: 'ada@university.example', name: 'Ada' },
  askedAt: '2030-01-31T12:00:00.000Z',
  endedAt: '2030-01-31T12:00:00.054Z',
  tookMs: 54,
  archetype: 'computeToData',
  results: [
    {
      providers: ['VU'],
      computedAt: 'VU',
      archetype: 'computeToData',
      columns: ['Geslacht', 'average', 'rows'],
      rows: [
        { Geslacht: 'M', average: 11.25, rows: 8872 },
        { Geslacht: 'V', average: 10.5, rows: 9728 },
      ],
      withheld: { groups: 0, total: false, minimumGroupSize: 10 },
      named: { avg_salary_scale_men: 11.25, avg_salary_scale_women: 10.5 },
      link: `${path}/result?result=0`,
    },
  ],
  refused: [
    {
      provider: 'RUG',
      reasons: [
        { code: 'no-relation', message: 'RUG has no relation with ada@university.example in its agreement.' },
      ],
    },
  ],
  absent: [],
  keptUntil: '2030-01-31T13:00:00.054Z',
  links: {
    self: path,
    result: `${path}/result`,
    explanation: `${path}/explanation`,
    events: `${path}/events`,
    job: '/api/v1/jobs/ada-0f3b2c1d',
  },
};

const result = z
  .strictObject({
    providers: z.array(z.string()).describe('The providers whose data are in it.'),
    computedAt: z.string().describe('The party that computed it.'),
    archetype: z.string().exactOptional().describe('The archetype under which it came about.'),
    absent: z
      .array(z.strictObject({ provider: z.string(), error: errorSchema }))
      .exactOptional()
      .describe('The answer is partial: these providers failed, and the request allows to go without them.'),
    columns: z.array(z.string()).exactOptional(),
    rows: z
      .union([z.array(z.record(z.string(), cell)), z.int().min(0)])
      .exactOptional()
      .describe('Figures; or the number of released rows, which come with the answer itself.'),
    withheld: z
      .strictObject({
        groups: z.int().min(0).describe('Groups of too few persons, which are held back.'),
        total: z.boolean().describe('Whether the total is held back as well, as it would give a group away.'),
        minimumGroupSize: z.int().min(0),
      })
      .exactOptional(),
    named: z
      .record(z.string(), cell)
      .exactOptional()
      .describe('Figures by the names that the data set declares, such as avg_salary_scale_men.'),
    graph: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .describe('A Vega-Lite specification of the figures, where the request asked for one.'),
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
    askedAt: isoTime,
    endedAt: isoTime.exactOptional(),
    tookMs: z.number().exactOptional(),
    archetype: z.string().exactOptional().describe('Absent where providers answer under different ones.'),
    partial: z
      .literal(true)
      .exactOptional()
      .describe('Present where a result lacks providers that failed; each result names those it lacks.'),
    results: z.array(result).describe('One merged result, or one of each provider.'),
    refused: z.array(z.strictObject({ provider: z.string(), reasons: z.array(reason) })),
    absent: z.array(z.string()).describe('Providers that allow it, and whose agents are offline.'),
    keptUntil: isoTime.exactOptional().describe('Until when the answer is kept.'),
    erasedAt: isoTime.exactOptional().describe('When the answer was erased before that.'),
    error: errorSchema.exactOptional().describe('Why it was refused or failed as a whole.'),
    links: z.strictObject({
      self: z.string(),
      result: z.string(),
      explanation: z.string(),
      events: z.string(),
      job: z.string().exactOptional(),
    }),
  })
  .meta({ id: 'Request', examples: [example] }) satisfies z.ZodType<RequestView>;

/** Requests, newest first. */
export const requestPageSchema = pageOf(requestSchema, 'RequestPage');
