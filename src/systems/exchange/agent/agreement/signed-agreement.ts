import { decodeJwt } from 'jose';
import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { type PublicKey, type SigningKey, verifySigned } from '../../../../kernel/identity/index.js';
import { agreement, issueText, partyId, userId, validate } from '../../model/index.js';
import type { SignedAgreement } from '../agent.js';

const signedSchema = z.strictObject({
  party: partyId,
  version: z.int().min(1),
  agreement: agreement.nullable(),
  signedAt: z.iso.datetime(),
  changedBy: userId.exactOptional(),
}) satisfies z.ZodType<Omit<SignedAgreement, 'signed'>>;

/** Signs an agreement as its party's. */
export async function signAgreement(
  members: Omit<SignedAgreement, 'signed'>,
  key: SigningKey,
): Promise<SignedAgreement> {
  return { ...members, signed: await key.sign('starling-agreement+jwt', members) };
}

/**
 * What a party signed as its agreement, and nothing that was only told beside it. `keys`: every key that the party was ever
 * known by. Throws `signature-invalid`, also where it is another party's, or another form of agreement than is known here.
 */
export async function verifySignedAgreement(
  { party, signed }: Pick<SignedAgreement, 'party' | 'signed'>,
  keys: readonly PublicKey[],
): Promise<SignedAgreement> {
  const read = readMembers(await verifySigned(signed, 'starling-agreement+jwt', keys), signed, party);
  if (read.party === party) return read;
  throw notTaken(party, `it is the agreement of ${read.party}`);
}

/** An agreement out of its agent's own store, which nobody else writes. Throws `storage-failed`. */
export function storedAgreement(signed: string, party: string): SignedAgreement {
  try {
    return readMembers(decodeJwt(signed), signed, party);
  } catch (error) {
    throw StarlingError.from(
      error,
      'storage-failed',
      `The agreement that ${party} has stored cannot be read`,
    );
  }
}

function readMembers(payload: unknown, signed: string, party: string): SignedAgreement {
  const read = validate(signedSchema, payload);
  if (read.ok) return { ...read.value, signed };
  throw notTaken(party, read.issues.map(issueText).join('; '));
}

function notTaken(party: string, why: string): StarlingError {
  return new StarlingError(
    'signature-invalid',
    `What came as the agreement of ${party} is not taken: ${why}. Ask the operator of ${party}.`,
    { details: { party } },
  );
}
