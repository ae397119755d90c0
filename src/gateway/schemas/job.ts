import { z } from 'zod';
import type { Job } from '../../systems/exchange/index.js';
import { compositionSchema, questionSchema } from './composition.js';
import { milliseconds, pageOf, user } from './shared-parts.js';

const jobFields = {
  id: z.string(),
  user,
  question: questionSchema.exactOptional(),
  state: z.enum(['live', 'expired', 'revoked']),
  composition: compositionSchema,
  revision: z.int().min(1).describe('How often it was composed, from 1 on.'),
  createdAt: milliseconds,
  expiresAt: milliseconds,
  ended: z.strictObject({ at: milliseconds, because: z.string() }).exactOptional(),
  openQuestions: z.array(z.string()).describe('Requests that have not ended.'),
  questionsAsked: z.int().min(0),
  history: z.array(
    z.strictObject({
      sequence: z.int().min(0),
      at: milliseconds,
      type: z.enum(['created', 'asked', 'answered', 'failed', 'recomposed', 'expired', 'revoked']),
      cause: z.string(),
      question: z.string().exactOptional(),
    }),
  ),
};

/** A job. */
export const jobSchema = z.strictObject(jobFields).meta({ id: 'Job' }) satisfies z.ZodType<Job>;

/** A job with its requests. */
export const jobWithRequestsSchema = z
  .strictObject({
    ...jobFields,
    requests: z.array(z.string()).describe('Ids of its requests, newest first.'),
  })
  .meta({ id: 'JobWithRequests' });

/** Jobs, by their ids. */
export const jobPageSchema = pageOf(jobSchema, 'JobPage');
