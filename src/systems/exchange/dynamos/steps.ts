import { builtInSteps, type Step } from '../model/index.js';
import type { DynamosMicroservice } from './forms.js';

/** The step that stands for a microservice: of the same name. `undefined` where there is none. */
export function toStep(
  { name, label, allowedOutputs }: DynamosMicroservice,
  known: (name: string) => boolean,
  existing: Step | undefined = Object.hasOwn(builtInSteps, name) ? builtInSteps[name] : undefined,
): Step | undefined {
  if (existing === undefined) return undefined;
  return { ...existing, role: label, outputs: allowedOutputs.filter(known) };
}

/** A step in DYNAMOS's form, which shows no invalid archetypes there either. */
export function fromStep(
  name: string,
  { role, outputs }: Step,
): Omit<DynamosMicroservice, 'invalidArchetypes'> {
  return { name, label: role, allowedOutputs: outputs };
}
