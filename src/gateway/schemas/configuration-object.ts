import { z } from 'zod';

/** A configuration object with where it came from; `id` names the component in the documentation. */
export function objectOf<Value extends z.ZodType>(value: Value, id: string) {
  return z
    .strictObject({
      name: z.string(),
      revision: z.int().describe('Counts up with every change; the ETag is this in quotes.'),
      source: z.enum(['file', 'api']).describe('Whether the configuration file or the API wrote it last.'),
      changedAt: z.iso.datetime(),
      value,
    })
    .meta({ id });
}
