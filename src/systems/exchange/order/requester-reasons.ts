import { StarlingError } from '../../../kernel/errors/index.js';
import type { TokenVerifier } from '../../../kernel/identity/index.js';
import type { OrderClaims } from './order-claims.js';

/** Failures of a verification that say something of the token; others are thrown. */
const tokenCodes: ReadonlySet<string> = new Set(['token-invalid', 'clock-skewed', 'issuer-unreachable']);

/** Why an order is not of the person whose question it brings, in whole sentences, by the token that goes with it. */
export async function requesterReasons(
  { token, question }: Pick<OrderClaims, 'token' | 'question'>,
  { party, people }: { readonly party: string; readonly people: TokenVerifier | 'open' },
): Promise<string[]> {
  if (people === 'open') return [];
  if (token === undefined) return ['It brings no token of the person who asks.'];
  try {
    const person = await people.verify(token);
    const reasons: string[] = [];
    if (person.id !== question.user.id)
      reasons.push(`Its token is of ${person.id}, and its question of ${question.user.id}.`);
    if (!person.roles.includes('requester'))
      reasons.push(`${person.id} does not have the role requester, as far as ${party} knows.`);
    return reasons;
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    if (!tokenCodes.has(error.code)) throw error;
    return [`${party} does not believe its token: ${error.message}`];
  }
}
