import { z } from 'zod';
import type { DryRun } from '../../systems/exchange/index.js';
import { columnsByTable, limits } from '../../systems/exchange/model/index.js';
import { compositionSchema, questionSchema } from './composition.js';
import { errorSchema } from './problem.js';
import { outputRule, part } from './shared-parts.js';

const refusalCode = z.enum([
  'not-a-data-provider',
  'data-set-not-offered',
  'no-agreement',
  'user-denied',
  'user-removed',
  'no-relation',
  'not-yet-valid',
  'expired',
  'request-type',
  'data-set-not-allowed',
  'columns',
  'archetype',
  'compute-provider',
  'output-form',
  'extremes',
  'foreign-step',
  'not-asked',
]);

const decision = z.discriminatedUnion('approved', [
  z.strictObject({
    provider: z.string(),
    approved: z.literal(true),
    user: z.string(),
    home: z.string().exactOptional().describe('The party that the person belongs to.'),
    agreementRevision: z.int().min(0),
    agreementHash: z.string().describe('The hash by which the provider’s agent knows the agreement.'),
    archetypes: z.array(z.string()),
    computeProviders: z.array(z.string()),
    output: outputRule,
    requiredSteps: z.array(z.string()),
    columns: columnsByTable,
    limits,
  }),
  z.strictObject({
    provider: z.string(),
    approved: z.literal(false),
    reasons: z.array(z.strictObject({ code: refusalCode, message: z.string() })),
  }),
]);

const placement = z.strictObject({
  parts: z.array(part).describe('More than one only under mixed archetypes.'),
  absent: z.array(z.string()),
  outputs: z.record(z.string(), outputRule),
  considered: z.array(
    z.strictObject({
      archetype: z.string(),
      chosen: z.boolean(),
      why: z.array(z.strictObject({ provider: z.string().exactOptional(), message: z.string() })),
    }),
  ),
});

/** What would come of a request. */
export const dryRunSchema = z
  .strictObject({
    question: questionSchema,
    decisions: z.array(decision),
    placement: placement.exactOptional(),
    composition: compositionSchema.exactOptional(),
    error: errorSchema.exactOptional().describe('Why it would be refused.'),
  })
  .meta({ id: 'DryRun' }) satisfies z.ZodType<DryRun>;
