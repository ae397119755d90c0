import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';

/** What a peer sent that the protocol does not have. */
export function violation(what: string, cause?: unknown): StarlingError {
  return new StarlingError('input-invalid', `The peer sent ${what}; the stream is closed.`, { cause });
}

/** `value` as `schema` has it. Throws `input-invalid` that names `what` and its first fault. */
export function parsed<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined ? '' : ` (${[z.core.toDotPath(issue.path), issue.message].join(': ')})`;
  throw violation(`something else than ${what}${where}`, result.error);
}
