import { z } from 'zod';
import type { DryRun, Job } from '../../systems/exchange/index.js';
import { algorithmName, bins, columnsByTable, equalTo, limits } from '../../systems/exchange/model/index.js';
import { composedSteps, outputRule, part, user } from './shared-parts.js';

const release = z.enum(['answer', 'partials', 'rows']);

const anyChain = {
  party: z.string(),
  archetype: z.string(),
  steps: composedSteps,
  releases: release,
  receivesFrom: z.array(z.string()),
  output: outputRule,
  limits,
};

/** All chains of a job, placed on parties. */
export const compositionSchema = z
  .strictObject({
    requestType: z.string(),
    dataSet: z.string(),
    parts: z.array(part).describe('More than one only under mixed archetypes.'),
    askedSteps: z.array(z.string()),
    chains: z.array(
      z.discriminatedUnion('place', [
        z.strictObject({
          ...anyChain,
          place: z.literal('dataProvider'),
          computeProvider: z.string().exactOptional().describe('Who takes what it releases.'),
          columns: columnsByTable,
          agreementRevision: z.int().min(0),
          agreementHash: z.string(),
        }),
        z.strictObject({ ...anyChain, place: z.literal('computeProvider'), receives: release }),
      ]),
    ),
    notes: z.array(z.string()),
  })
  .meta({ id: 'Composition' }) satisfies z.ZodType<Job['composition']>;

/** The algorithm of a question, with nothing left out. */
export const algorithmSchema = z.strictObject({
  name: algorithmName,
  column: z.string().exactOptional(),
  columns: z.array(z.string()).exactOptional(),
  outcome: z.strictObject({ column: z.string(), equals: equalTo.exactOptional() }).exactOptional(),
  predictors: z.array(z.string()).exactOptional(),
  quantiles: z.array(z.number()).exactOptional(),
  groupBy: z.array(z.string()),
  total: z.boolean(),
  bins: bins.exactOptional(),
});

/** A question with every default filled in. */
export const questionSchema = z
  .strictObject({
    user,
    requestType: z.string(),
    dataSet: z.string(),
    dataProviders: z.array(z.string()),
    query: z.string(),
    queryGiven: z.boolean().describe('Whether the requester wrote the query; else it is the data set’s own.'),
    crossJoinWithoutOn: z
      .literal(true)
      .exactOptional()
      .describe('Set where a `JOIN` without a condition is a cross join, as for clients of DYNAMOS.'),
    algorithm: algorithmSchema.exactOptional(),
    options: z.array(z.string()),
    archetype: z.string().exactOptional(),
    computeProvider: z.string().exactOptional(),
    mixedArchetypes: z.literal(true).exactOptional(),
    allowPartial: z.literal(true).exactOptional(),
    limits: z.strictObject({ timeSeconds: z.number().exactOptional() }),
    form: z.enum(['aggregates', 'rows']),
  })
  .meta({ id: 'Question' }) satisfies z.ZodType<DryRun['question']>;
