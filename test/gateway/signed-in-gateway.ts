import type { GatewayOptions } from '../../src/gateway/index.js';
import { StarlingError } from '../../src/kernel/errors/index.js';
import type { Person, TokenVerifier } from '../../src/kernel/identity/index.js';
import type { Exchange } from '../../src/systems/exchange/index.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

/** People by the token that they call with. */
export const people = {
  ada: { id: 'ada@university.example', name: 'Ada', roles: ['requester'] },
  bob: { id: 'bob@university.example', roles: ['requester'] },
  VU: { id: 'vera@vu.example', roles: ['steward:VU'] },
  UVA: { id: 'udo@uva.example', roles: ['steward:UVA'] },
  operator: { id: 'olga@consortium.example', roles: ['operator'] },
  worker: { id: 'photo-worker-1', roles: ['service:photo-worker'] },
  h1: { id: 'the first host', roles: ['host:h1'] },
  guest: { id: 'gus@university.example', roles: [] },
} as const satisfies Record<string, Person>;

const refusals = {
  unsigned: 'token-invalid',
  expired: 'token-invalid',
  future: 'clock-skewed',
  unreachable: 'issuer-unreachable',
} as const;

/** Knows people by their tokens' texts, and refuses tokens that say why. What a real one refuses is tested beside it. */
export const verifier: TokenVerifier = {
  verify: async (token) => {
    if (Object.hasOwn(people, token)) return people[token as keyof typeof people];
    const code = Object.entries(refusals).find(([text]) => text === token)?.[1] ?? 'token-invalid';
    throw new StarlingError(code, `The token ${token} is not believed.`, { details: { reason: token } });
  },
};

/** The header with which `token` is sent. */
export const as = (token: string) => ({ authorization: `Bearer ${token}` });

/** A gateway that people sign in to. */
export function openSignedInGateway(
  able: Partial<Exchange> = {},
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  return openTestGateway(able, { access: { mode: 'signed-in', verifier }, ...options });
}
