import { z } from 'zod';
import { isoTime } from './shared-parts.js';

/** A configuration object with where it came from; `id` names the component in the documentation. */
export function objectOf<Value extends z.ZodType>(value: Value, id: string) {
  return z
    .strictObject({
      name: z.string(),
      revision: z.int().min(0).describe('Counts up with every change; the ETag is this in quotes.'),
      source: z
        .enum(['file', 'api', 'agent'])
        .describe('Who wrote it last: the configuration file, the API, or the agent of an agreement.'),
      changedAt: isoTime,
      value,
    })
    .meta({ id });
}
