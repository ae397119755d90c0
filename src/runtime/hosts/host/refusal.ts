import { type ErrorCode, isErrorCode, StarlingError } from '../../../kernel/errors/index.js';

/**
 * Refusals that a registration meets again however often it is sent. A name that is taken is none: it is free when the lease of the
 * other host has lapsed; and clocks are set while a host waits.
 */
const lasting: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'token-missing',
  'token-invalid',
  'role-missing',
  'input-invalid',
  'not-found',
  'host-refused',
]);

/** Whether the same registration would be refused with it again. */
export function isLasting({ code }: StarlingError): boolean {
  return isErrorCode(code) && lasting.has(code);
}

/** What is logged of something that was refused: why, and where in the code only of what nobody expected. */
export function refusalFields(thrown: unknown): Readonly<Record<string, unknown>> {
  if (!(thrown instanceof StarlingError) || thrown.code === 'internal') return { err: thrown };
  return { code: thrown.code, reason: thrown.message };
}
