import { z } from 'zod';
import { foreignStepParts } from './foreign-step.js';
import { objectName } from './names.js';

/** Where a step belongs: next to the data, or where figures are computed. */
export const stepRole = z.enum(['dataProvider', 'computeProvider']);
export type StepRole = z.infer<typeof stepRole>;

const stepParts = {
  title: z.string().min(1).max(200),
  description: z.string().max(2_000).exactOptional(),
  role: stepRole,
  outputs: z.array(objectName).describe('The steps that may come directly after this one.'),
  option: z.string().min(1).exactOptional().describe('The option of a request that asks for the step.'),
};

/** A step that comes with Starling: an operator inside a run. */
export const builtInStep = z.strictObject({
  ...stepParts,
  unites: z
    .boolean()
    .exactOptional()
    .describe('It makes one table of the rows of several providers. Default: false.'),
  mergeable: z.boolean().exactOptional().describe('It has an exact partial form and merge. Default: false.'),
  takes: z.enum(['source', 'rows', 'aggregates']),
  gives: z.enum(['rows', 'aggregates']),
  builtIn: z.literal(true),
});
export type BuiltInStep = z.infer<typeof builtInStep>;

/** A step that an organisation runs itself, reached over HTTP: `docs/foreign-steps.md` is its contract. */
export const foreignStep = z.strictObject({ ...stepParts, ...foreignStepParts }).check((context) => {
  const { gives, output, outputs } = context.value;
  const say = (path: string[], message: string) =>
    context.issues.push({ code: 'custom', input: context.value, path, message, continue: true });
  if (gives === 'rows') return;
  if (outputs.length > 0)
    say(['outputs'], 'a step that gives aggregates is the last one; leave outputs empty');
  if (output.persons !== 'integer')
    say(['output'], 'a step that gives aggregates says how many persons each is of; add persons: integer');
});
export type ForeignStep = z.infer<typeof foreignStep>;

/** One operation of a chain. `outputs` names the steps that may come directly after it. */
export const step = z.union([builtInStep, foreignStep]);
export type Step = z.infer<typeof step>;

/** Whether an organisation runs the step itself, at an address of its own. */
export function isForeign(one: Step): one is ForeignStep {
  return 'endpoint' in one;
}
