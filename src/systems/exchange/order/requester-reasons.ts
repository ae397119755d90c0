import { StarlingError } from '../../../kernel/errors/index.js';
import type { Person, TokenVerifier } from '../../../kernel/identity/index.js';

/**
 * Who asks, by the token that an order brings: a person, or why the token is not believed. `open` where nobody vouches for
 * people, `untold` where somebody does and there is no token.
 */
export type Requester = 'open' | 'untold' | Person | { readonly doubt: string };

/** Failures of a verification that say something of the token; others are thrown. */
const tokenCodes: ReadonlySet<string> = new Set(['token-invalid', 'clock-skewed', 'issuer-unreachable']);

/** Verifies the token of an order. Throws what says nothing of the token. */
export async function findRequester(
  token: string | undefined,
  people: TokenVerifier | 'open',
): Promise<Requester> {
  if (people === 'open') return 'open';
  if (token === undefined) return 'untold';
  try {
    return await people.verify(token);
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    if (!tokenCodes.has(error.code)) throw error;
    return { doubt: error.message };
  }
}

/** Why an order is not of `user`, whose question it brings, in whole sentences. Pure. */
export function requesterReasons(user: string, requester: Requester, party: string): string[] {
  if (requester === 'open') return [];
  if (requester === 'untold') return ['It brings no token of the person who asks.'];
  if ('doubt' in requester) return [`${party} does not believe its token: ${requester.doubt}`];
  const { id, roles } = requester;
  const reasons: string[] = [];
  if (id !== user) reasons.push(`Its token is of ${id}, and its question of ${user}.`);
  if (!roles.includes('requester'))
    reasons.push(`${id} does not have the role requester, as far as ${party} knows.`);
  return reasons;
}
