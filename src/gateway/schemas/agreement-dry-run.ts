import { z } from 'zod';
import type { AgreementDryRun } from '../../systems/exchange/index.js';

const effects = z.array(z.string()).describe('What would change, in whole sentences.');

/** What a change of an agreement would touch. */
export const agreementDryRunSchema = z
  .strictObject({
    party: z.string(),
    users: z
      .array(z.strictObject({ user: z.string(), change: z.enum(['added', 'changed', 'removed']), effects }))
      .describe('Requesters whose relation would be new, gone or otherwise.'),
    jobs: z
      .array(
        z.strictObject({
          job: z.string(),
          user: z.string(),
          becomes: z.enum(['recomposed', 'revoked']),
          why: z.string(),
        }),
      )
      .describe('Live jobs that would not stay as they are.'),
    dataSets: z
      .array(z.strictObject({ name: z.string(), effects }))
      .describe('Data sets of which others could ask, or of other columns.'),
    unknown: z.array(z.string()).describe('Names in it that are not configured, and so allow nothing.'),
  })
  .meta({ id: 'AgreementDryRun' }) satisfies z.ZodType<AgreementDryRun>;
