import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';
import {
  type PublicKey,
  publicKeySchema,
  type SigningKey,
  verifySigned,
} from '../../../../kernel/identity/index.js';
import { partyId } from '../../model/names.js';
import { assertValid } from '../../model/validate.js';
import { secretHash } from './enrolment-token.js';

/** What an agent sends to enrol: the secret of its invitation, its key, and a proof that it holds the key. */
export const redemption = z.strictObject({
  party: partyId,
  secret: z.string().min(32).max(200),
  publicKey: publicKeySchema,
  proof: z.string().max(4096),
});
export type Redemption = z.infer<typeof redemption>;

/** What the agent signs: bound to the invitation, the party, its key and the gateway. */
const proofClaims = z.strictObject({
  purpose: z.literal('enrol'),
  party: z.string(),
  secret: z.string(),
  key: z.string(),
  gatewayKey: z.string(),
});

/** What the gateway signs in answer. */
const welcomeClaims = z.strictObject({
  purpose: z.literal('enrolled'),
  party: z.string(),
  secret: z.string(),
  key: z.string(),
  gatewayKey: publicKeySchema,
});

/** The body that an agent sends. `gatewayKey` is the thumbprint in its token. */
export async function signRedemption(
  party: string,
  secret: string,
  key: SigningKey,
  gatewayKey: string,
): Promise<Redemption> {
  const { publicKey } = key;
  const claims = { purpose: 'enrol', party, secret: secretHash(secret), key: publicKey.kid, gatewayKey };
  return { party, secret, publicKey, proof: await key.sign('starling-link+jwt', claims) };
}

/** The body, verified. Throws `input-invalid`, and `signature-invalid` where the proof is for something else. */
export async function verifyRedemption(body: unknown, gatewayKey: string): Promise<Redemption> {
  const asked = assertValid(redemption, body, 'the enrolment');
  const { party, secret, publicKey, proof } = asked;
  const claims = proofClaims.safeParse(await verifySigned(proof, 'starling-link+jwt', [publicKey]));
  const holds =
    claims.success &&
    claims.data.party === party &&
    claims.data.secret === secretHash(secret) &&
    claims.data.key === publicKey.kid &&
    claims.data.gatewayKey === gatewayKey;
  if (holds) return asked;
  throw new StarlingError(
    'signature-invalid',
    `The proof of ${party} is for another enrolment, or for another key of this gateway. Ask for a new invitation.`,
  );
}

/** The gateway's answer: its own key, signed by it and bound to the enrolment. */
export function signWelcome({ party, secret, publicKey }: Redemption, key: SigningKey): Promise<string> {
  return key.sign('starling-link+jwt', {
    purpose: 'enrolled',
    party,
    secret: secretHash(secret),
    key: publicKey.kid,
    gatewayKey: key.publicKey,
  });
}

/** The gateway's key in its answer. Throws `signature-invalid` where it is not of the gateway that the token names. */
export async function verifyWelcome(
  enrolled: string,
  { party, secret, publicKey }: Redemption,
  gatewayKey: string,
): Promise<PublicKey> {
  const claims = welcomeClaims.safeParse(unverified(enrolled));
  if (claims.success && claims.data.gatewayKey.kid === gatewayKey) {
    await verifySigned(enrolled, 'starling-link+jwt', [claims.data.gatewayKey]);
    const { data } = claims;
    if (data.party === party && data.secret === secretHash(secret) && data.key === publicKey.kid) {
      return data.gatewayKey;
    }
  }
  throw new StarlingError(
    'signature-invalid',
    'Who answered is not the gateway that the invitation names. Somebody may be in between: tell its operator, and ask for a new invitation.',
  );
}

/** What it claims, before the key in it was held against the thumbprint in the token. */
function unverified(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    // no answer of a gateway, as the caller says
    return undefined;
  }
}
