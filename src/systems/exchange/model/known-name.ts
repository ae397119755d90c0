import { type ErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import type { Catalogue } from './catalogue.js';
import { nearestNote } from './nearest-name.js';
import type { RequestType } from './request-type.js';

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

/** The request type of that name; else throws `unknown-request-type`. */
export function knownRequestType(
  name: string,
  { requestTypes }: Pick<Catalogue, 'requestTypes'>,
): RequestType {
  return known(requestTypes, name, 'request type', 'unknown-request-type').value;
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
