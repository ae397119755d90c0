import { StarlingError } from '../../../kernel/errors/index.js';
import type { Caller, Person, PublicKey, TokenVerifier } from '../../../kernel/identity/index.js';

/** Whom an agent believes, and in what. */
export interface AgentTrust {
  /** The keys that orders of its gateway may be signed with now. */
  readonly gatewayKeys: () => readonly PublicKey[];
  /** Who vouches for people; `open` where nobody does, and the gateway's word is taken. */
  readonly people: TokenVerifier | 'open';
}

/**
 * The person behind `caller`, as the agent itself knows them: a steward of `party`. Throws `role-missing`, `token-missing`,
 * and what the verification of the token throws.
 */
export async function assertSteward(
  { person, token }: Caller,
  party: string,
  people: AgentTrust['people'],
): Promise<Person> {
  if (people === 'open') return person;
  if (token === undefined) {
    throw new StarlingError('token-missing', `The agent of ${party} was given no token. Sign in first.`);
  }
  const known = await people.verify(token);
  if (known.roles.includes(`steward:${party}`)) return known;
  throw new StarlingError(
    'role-missing',
    `${known.id} is no steward of ${party}, as far as its agent knows. Ask a steward of ${party}.`,
    { details: { role: `steward:${party}` } },
  );
}
