import { StarlingError } from '../../../kernel/errors/index.js';
import type { Catalogue } from './catalogue.js';
import { known, knownRequestType, unknownName } from './known-name.js';
import type { NormalRequest } from './normal-request.js';

/** The option that stands for the algorithm of a request; it is asked for by `algorithm`, not under `options`. */
export const algorithmOption = 'algorithm';

/** The options that requests of a type may set under `options`, sorted. */
export function knownOptions(
  requestType: string,
  catalogue: Pick<Catalogue, 'requestTypes' | 'steps'>,
): string[] {
  const type = knownRequestType(requestType, catalogue);
  const options = type.optional.map((name) => catalogue.steps.get(name)?.value.option);
  const named = options.filter((option) => option !== undefined && option !== algorithmOption);
  return [...new Set(named)].filter((option) => option !== undefined).sort();
}

/**
 * The steps that a request itself asks for, sorted by name: those its type requires, and the optional ones whose
 * option it sets. Throws `unknown-request-type`, `unknown-step`, or `unknown-option` where no step has an option.
 */
export function askedSteps(
  request: Pick<NormalRequest, 'requestType' | 'options' | 'algorithm'>,
  catalogue: Pick<Catalogue, 'requestTypes' | 'steps'>,
): string[] {
  const type = knownRequestType(request.requestType, catalogue);
  const asked = new Set(request.options);
  if (request.algorithm !== undefined) asked.add(algorithmOption);
  const names = [...type.required];
  for (const name of type.optional) {
    const { option } = known(catalogue.steps, name, 'step', 'unknown-step').value;
    if (option !== undefined && asked.has(option)) names.push(name);
  }
  for (const name of type.required) known(catalogue.steps, name, 'step', 'unknown-step');
  const options = knownOptions(request.requestType, catalogue);
  for (const option of request.options) {
    if (!options.includes(option)) throw unknownName(options, option, 'option', 'unknown-option');
  }
  const answersAlgorithm = names.some((name) => catalogue.steps.get(name)?.value.option === algorithmOption);
  if (request.algorithm !== undefined && !answersAlgorithm) {
    const message = `Requests of type ${request.requestType} have no algorithm; leave it out, or use another request type.`;
    throw new StarlingError('input-invalid', message, { details: { requestType: request.requestType } });
  }
  return [...new Set(names)].sort();
}
