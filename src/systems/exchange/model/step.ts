import { z } from 'zod';
import { objectName } from './names.js';

/** Where a step belongs: next to the data, or where figures are computed. */
export const stepRole = z.enum(['dataProvider', 'computeProvider']);
export type StepRole = z.infer<typeof stepRole>;

/** One operation of a chain. `outputs` names the steps that may come directly after it. */
export const step = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().max(2_000).exactOptional(),
  role: stepRole,
  outputs: z.array(objectName).describe('The steps that may come directly after this one.'),
  option: z.string().min(1).exactOptional().describe('The option of a request that asks for the step.'),
  unites: z
    .boolean()
    .exactOptional()
    .describe('It makes one table of the rows of several providers. Default: false.'),
  mergeable: z.boolean().exactOptional().describe('It has an exact partial form and merge. Default: false.'),
  takes: z.enum(['source', 'rows']),
  gives: z.enum(['rows', 'aggregates']),
  builtIn: z.literal(true),
});
export type Step = z.infer<typeof step>;
