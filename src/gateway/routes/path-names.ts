import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import { nearestNote } from '../../systems/exchange/model/index.js';

const name = z.string().min(1).max(200);

/** The path of one thing that has an id. */
export const byId = z.strictObject({ id: name });

/** The path of one thing that has a name. */
export const byName = z.strictObject({ name });

/** `not-found` for a name that nothing has, with the nearest that there is. */
export function noSuch(what: string, asked: string, names: Iterable<string>): StarlingError {
  const message = `There is no ${what} ${asked}${nearestNote(asked, [...names])}. List what there is to find its name.`;
  return new StarlingError('not-found', message, { details: { name: asked } });
}
