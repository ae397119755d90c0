import { type ErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import { nearestNote } from './nearest-name.js';

/** The value under `name`; else throws `code` with the known names and the nearest of them. `what` as in `party`. */
export function known<Value>(
  map: ReadonlyMap<string, Value>,
  name: string,
  what: string,
  code: ErrorCode,
): Value {
  const value = map.get(name);
  if (value !== undefined) return value;
  throw unknownName([...map.keys()], name, what, code);
}

/** The error for a name that is not among `names`; `details` has `name` and `known`. */
export function unknownName(
  names: readonly string[],
  name: string,
  what: string,
  code: ErrorCode,
): StarlingError {
  const sorted = [...names].sort();
  const list = sorted.length === 0 ? 'there is none' : `known: ${sorted.join(', ')}`;
  const message = `There is no ${what} ${name}${nearestNote(name, sorted)}; ${list}.`;
  return new StarlingError(code, message, { details: { name, known: sorted } });
}
