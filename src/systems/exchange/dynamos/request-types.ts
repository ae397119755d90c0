import { algorithmOption, type RequestType, type Step } from '../model/index.js';
import type { DynamosRequestType } from './forms.js';

type Steps = (name: string) => Pick<Step, 'option'> | undefined;

const computes = (name: string, steps: Steps): boolean => steps(name)?.option === algorithmOption;

/**
 * A request type with the steps that are known here. The step of the algorithm is required there also where a request has
 * no algorithm, and passes rows on; here it is optional, and there where a request names one.
 */
export function toRequestType(
  { name, requiredServices, optionalServices }: DynamosRequestType,
  steps: Steps,
): RequestType {
  const optional = Object.keys(optionalServices).filter((service) => steps(service) !== undefined);
  const required = requiredServices.filter((service) => steps(service) !== undefined);
  return {
    title: name,
    required: required.filter((service) => !computes(service, steps)),
    optional: [...new Set([...optional, ...required.filter((service) => computes(service, steps))])],
  };
}

/** A request type in DYNAMOS's form. */
export function fromRequestType(
  name: string,
  { required, optional }: RequestType,
  steps: Steps,
): DynamosRequestType {
  const algorithms = optional.filter((step) => computes(step, steps));
  const others = optional.filter((step) => !computes(step, steps));
  return {
    name,
    requiredServices: [...required, ...algorithms],
    optionalServices: Object.fromEntries(others.map((step) => [step, steps(step)?.option ?? step])),
  };
}
