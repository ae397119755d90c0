import { StarlingError } from '../../../kernel/errors/index.js';
import type { Approval } from '../approve/index.js';
import {
  algorithmOption,
  type Catalogue,
  known,
  knownRequestType,
  type NormalRequest,
  type Step,
} from '../model/index.js';

type Names = Pick<Catalogue, 'requestTypes' | 'steps'>;

function assertRunnable(name: string, approval: Approval, request: NormalRequest, catalogue: Names): void {
  const { provider } = approval;
  const type = knownRequestType(request.requestType, catalogue);
  const allowed = [...type.required, ...type.optional];
  const details = { provider, step: name, requestType: request.requestType };
  const step = catalogue.steps.get(name)?.value;
  const correct = `Ask the data steward of ${provider} to correct requiredSteps`;
  if (step === undefined) {
    const message = `${provider} requires step ${name}, which is not known. ${correct}; known: ${[...catalogue.steps.keys()].sort().join(', ')}.`;
    throw new StarlingError('composition-invalid', message, { details });
  }
  if (!allowed.includes(name)) {
    const message = `${provider} requires step ${name}, which requests of type ${request.requestType} do not have. Use another request type, or ask the data steward of ${provider} to correct requiredSteps; the type has: ${allowed.sort().join(', ')}.`;
    throw new StarlingError('composition-invalid', message, { details });
  }
  if (step.option === algorithmOption && request.algorithm === undefined) {
    const message = `${provider} requires step ${name}, and the request has no algorithm. Add an algorithm to the request.`;
    throw new StarlingError('composition-invalid', message, { details });
  }
}

/**
 * The steps of one provider's part of the request: those asked for, and those that its own agreement requires.
 * Throws `composition-invalid` where it requires one that the request type does not have.
 */
export function selectSteps(
  approval: Approval,
  asked: readonly string[],
  request: NormalRequest,
  catalogue: Names,
): ReadonlyMap<string, Step> {
  for (const name of approval.requiredSteps) assertRunnable(name, approval, request, catalogue);
  const names = new Set([...asked, ...approval.requiredSteps]);
  return new Map(
    [...names].map((name) => [name, known(catalogue.steps, name, 'step', 'unknown-step').value]),
  );
}
