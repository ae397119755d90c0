import { StarlingError } from '../../../kernel/errors/index.js';

/** Which part of the contract a foreign step broke; `docs/foreign-steps.md` has each. */
export const stepFaults = {
  unreachable: 'could not be reached',
  token: 'is to be sent a token, and the agent has none for it',
  status: 'answered with an error',
  redirect: 'answered with a redirect, which is never followed',
  'media-type': 'answered with something else than an Arrow stream',
  late: 'was not done within its time',
  cut: 'broke its answer off in the middle',
  garbage: 'answered with what is no Arrow stream that can be read',
  schema: 'gave other columns than it declares',
  units: 'gave rows of persons who were not sent to it',
  persons: 'does not say truly of how many persons its figures are',
  'too-large': 'gave more than its limits allow',
  unread: 'answered before it had read all rows',
} as const;
export type StepFault = keyof typeof stepFaults;

/** Which step, and at whose agent. */
export interface StepAt {
  readonly step: string;
  readonly party: string;
}

/**
 * What a call of a step failed with, as everybody may read it. What the step itself said belongs into `cause`, which stays
 * with the party: it can contain data.
 *
 * @param more what is known of the fault without looking at the rows, as in `(status 500)`
 */
export function stepFailed(
  { step, party }: StepAt,
  fault: StepFault,
  { more, cause }: { readonly more?: string; readonly cause?: unknown } = {},
): StarlingError {
  const what = more === undefined ? stepFaults[fault] : `${stepFaults[fault]} (${more})`;
  const message = `Step ${step} at ${party} ${what}. Ask again; if it fails again, tell ${party}.`;
  return new StarlingError('step-failed', message, { details: { step, party, fault }, cause });
}
