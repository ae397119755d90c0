import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { RequestBody } from '../../systems/exchange/model/index.js';

/** A body as somebody who is signed in may send it: who asks is in the token. */
export interface PersonLeftOut {
  readonly user?: RequestBody['user'];
}

/**
 * The body with the person who asks: who is signed in, or in open mode whom the body names. Throws `role-missing` where
 * somebody asks in the name of another.
 */
export function withAskingPerson<Body extends PersonLeftOut>(
  body: Body,
  caller: Caller | undefined,
): Body & Pick<RequestBody, 'user'> {
  const user = caller === undefined ? body.user : askingAs(body.user?.id, caller);
  // the schema of open mode has seen to it that there is one
  if (user === undefined) throw new StarlingError('input-invalid', 'Say who asks: add user to the body.');
  return { ...body, user };
}

function askingAs(named: string | undefined, { person }: Caller): RequestBody['user'] {
  const { id, name } = person;
  if (named !== undefined && named !== id) {
    const message = `${id} is signed in, and may not ask as ${named}. Leave user out of the body.`;
    throw new StarlingError('role-missing', message);
  }
  return { id, ...(name === undefined ? {} : { name }) };
}

/**
 * Of whom a list is to tell, where somebody asks for that of `user`: a requester sees what is their own. Throws
 * `not-yours` where they ask for another's.
 */
export function listedUser(user: string | undefined, caller: Caller | undefined): string | undefined {
  if (caller === undefined || caller.person.roles.some((role) => role !== 'requester')) return user;
  const { id } = caller.person;
  if (user === undefined || user === id) return id;
  throw new StarlingError('not-yours', `${id} sees only their own, not that of ${user}. Leave user out.`);
}
