import { z } from 'zod';

/** A value of an answer. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Milliseconds since 1970, as records keep times. */
export const milliseconds = z
  .number()
  .describe('Milliseconds since 1970-01-01T00:00Z.')
  .meta({ examples: [1_896_091_200_000] });

/** A time as people read it. */
export const isoTime = z.iso
  .datetime()
  .describe('ISO 8601, UTC.')
  .meta({ examples: ['2030-01-31T12:00:00.000Z'] });

/** Who asked. */
export const user = z.strictObject({ id: z.string(), name: z.string().exactOptional() }).meta({ id: 'User' });

/** What may leave a provider. */
export const outputRule = z.strictObject({
  form: z.enum(['aggregates', 'rows']),
  minimumGroupSize: z.int().min(0).describe('The fewest persons that a released group may have.'),
  extremes: z.boolean(),
  smallGroupsAtComputeProvider: z.literal(true).exactOptional(),
  rowsAtComputeProvider: z.literal(true).exactOptional(),
});

/** Why a provider refuses. */
export const reason = z.strictObject({
  code: z
    .string()
    .describe('Which rule of the agreement: branch on it.')
    .meta({ examples: ['no-relation'] }),
  message: z.string(),
});

/** Steps of a chain in the order in which they run. */
export const composedSteps = z.array(
  z.strictObject({ step: z.string(), mode: z.enum(['whole', 'partial', 'merge']) }),
);

/** Providers that answer under one archetype. */
export const part = z.strictObject({
  archetype: z.string(),
  computeProvider: z.string().exactOptional().describe('Who computes one answer of all; else each answers.'),
  providers: z.array(z.string()),
});

/** One page of a list; `id` names the component in the documentation. */
export function pageOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .strictObject({
      items: z.array(item),
      next: z.string().exactOptional().describe('Pass it as `after` to read on; absent on the last page.'),
    })
    .meta({ id });
}

/** A whole list, which has no pages; `id` names the component in the documentation. */
export function listOf<Item extends z.ZodType>(item: Item, id: string) {
  return z.strictObject({ items: z.array(item) }).meta({ id });
}
