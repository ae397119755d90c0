import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { type PinnedKeys, pinKey, type SigningKey } from '../../../../kernel/identity/index.js';
import { gatewayAddress } from '../wire/address.js';
import { parseEnrolmentToken } from './enrolment-token.js';
import { signRedemption, verifyWelcome } from './redemption.js';

/** Where a gateway takes enrolments, below its address. */
export const enrolmentPath = '/api/v1/enrolments';

const timeoutMs = 15_000;

const answer = z.object({ enrolled: z.string() });
const problem = z.object({ code: z.string(), detail: z.string() });

export interface EnrolOptions {
  /** The one-time token, as the operator gave it. */
  readonly token: string;
  /** The party's own key. */
  readonly key: SigningKey;
  /** How the gateway is called; the global one if not given. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What an agent keeps of its enrolment. */
export interface Enrolled {
  readonly party: string;
  /** The gateway's address. */
  readonly url: string;
  readonly gatewayKeys: PinnedKeys;
}

/**
 * Enrols a party at the gateway that the token names: the gateway pins the party's key, and the party the gateway's. Throws
 * `enrolment-refused` and what else the gateway says, `gateway-unreachable`, and `signature-invalid` where another gateway
 * answers than the token names, and `configuration-invalid` where the address is plain HTTP to another machine.
 */
export async function enrol({ token, key, fetch = globalThis.fetch }: EnrolOptions): Promise<Enrolled> {
  const { url, gatewayKey, party, secret } = parseEnrolmentToken(token);
  const redemption = await signRedemption(party, secret, key, gatewayKey);
  const response = await fetch(new URL(enrolmentPath, gatewayAddress(url)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(redemption),
    // the secret is for this gateway alone
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw unreachable(url, 'does not answer', cause);
  });
  const body: unknown = await response.json().catch((cause: unknown) => {
    throw unreachable(url, 'answers something else than JSON', cause);
  });
  const refused = problem.safeParse(body);
  if (!response.ok && refused.success) {
    throw StarlingError.fromRecord({ code: refused.data.code, message: refused.data.detail });
  }
  const welcome = answer.safeParse(body);
  if (!welcome.success) throw unreachable(url, `answers with status ${response.status}`);
  return {
    party,
    url,
    gatewayKeys: pinKey(await verifyWelcome(welcome.data.enrolled, redemption, gatewayKey)),
  };
}

function unreachable(url: string, why: string, cause?: unknown): StarlingError {
  return new StarlingError(
    'gateway-unreachable',
    `The gateway at ${url} ${why}. Look whether the address is right and it runs, and try again.`,
    { cause },
  );
}
