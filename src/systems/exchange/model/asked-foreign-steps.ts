import { askedSteps } from './asked-steps.js';
import type { Catalogue } from './catalogue.js';
import type { NormalRequest } from './normal-request.js';
import { type ForeignStep, isForeign } from './step.js';

/** The foreign steps among those that a request itself asks for, by name. Throws what `askedSteps` throws. */
export function askedForeignSteps(
  request: Pick<NormalRequest, 'requestType' | 'options' | 'algorithm'>,
  catalogue: Pick<Catalogue, 'requestTypes' | 'steps'>,
): ReadonlyMap<string, ForeignStep> {
  const found = new Map<string, ForeignStep>();
  for (const name of askedSteps(request, catalogue)) {
    const step = catalogue.steps.get(name)?.value;
    if (step !== undefined && isForeign(step)) found.set(name, step);
  }
  return found;
}
