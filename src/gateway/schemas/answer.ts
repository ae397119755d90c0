import { z } from 'zod';
import { errorSchema } from './problem.js';
import { cell } from './shared-parts.js';

/** An answer as JSON: all results with all their rows. */
export const answerSchema = z
  .strictObject({
    request: z.string(),
    results: z.array(
      z.strictObject({
        providers: z.array(z.string()),
        computedAt: z.string(),
        columns: z.array(z.string()),
        withheld: z
          .strictObject({ groups: z.int().min(0), total: z.boolean(), minimumGroupSize: z.int().min(0) })
          .exactOptional(),
        named: z.record(z.string(), cell).exactOptional(),
        error: errorSchema.exactOptional(),
        rows: z.array(z.record(z.string(), cell)),
      }),
    ),
  })
  .meta({ id: 'Answer' });

/** An answer as CSV; with several results, the first column names the provider. */
export const csvAnswerSchema = z.string().describe('Comma-separated values (RFC 4180), with a header line.');

/** An answer as an Arrow IPC stream. */
export const arrowAnswerSchema = z
  .string()
  .meta({ format: 'binary', description: 'An Apache Arrow IPC stream.' });
