import type { Catalogue } from './catalogue.js';
import { knownRequestType } from './known-name.js';
import { isForeign } from './step.js';

/**
 * The step of a request type that makes one table of the rows of several providers, the first that the type names;
 * `undefined` where it has none. Throws `unknown-request-type`.
 */
export function unitingStep(
  requestType: string,
  catalogue: Pick<Catalogue, 'requestTypes' | 'steps'>,
): string | undefined {
  const type = knownRequestType(requestType, catalogue);
  return [...type.required, ...type.optional].find((name) => {
    const step = catalogue.steps.get(name)?.value;
    return step !== undefined && !isForeign(step) && step.unites === true;
  });
}
