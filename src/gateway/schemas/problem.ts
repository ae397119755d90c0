import { z } from 'zod';
import { type ErrorCode, type ErrorRecord, errorCodes } from '../../kernel/errors/index.js';
import type { Problem } from '../problem.js';

/** One of the closed set of codes. */
export const errorCode = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

const example: Problem = {
  type: '/docs/errors#not-found',
  title: errorCodes['not-found'].title,
  status: errorCodes['not-found'].status,
  code: 'not-found',
  detail: 'There is no job ada-0f3b2c1e.',
  instance: '/api/v1/jobs/ada-0f3b2c1e',
};

/** A problem document (RFC 9457). */
export const problemSchema = z
  .looseObject({
    type: z
      .string()
      .describe('A reference to what the code means.')
      .meta({ examples: ['/docs/errors#not-found'] }),
    title: z.string().describe('What the code means, in a line.'),
    status: z.int().min(400).max(599).describe('The HTTP status.'),
    code: errorCode.describe('One of a closed, stable set: branch on it.'),
    detail: z.string().describe('What happened, to what, and what to do; for people.'),
    instance: z.string().describe('The path that was asked for.'),
    request: z.string().exactOptional().describe('The request that ended this way: it can be explained.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe('Where, as a JSON pointer.'),
          message: z.string(),
          in: z
            .enum(['path', 'query', 'header'])
            .exactOptional()
            .describe('What the pointer goes into, if not the body.'),
        }),
      )
      .exactOptional()
      .describe('Every fault in what was sent.'),
  })
  .describe('A problem document (RFC 9457). Further members depend on the code.')
  .meta({ id: 'Problem', examples: [example] }) satisfies z.ZodType<Problem>;

/** An error as part of another answer. */
export const errorSchema = z
  .strictObject({
    code: errorCode,
    message: z.string(),
    details: z.record(z.string(), z.unknown()).exactOptional(),
  })
  .meta({ id: 'Error' }) satisfies z.ZodType<ErrorRecord>;
