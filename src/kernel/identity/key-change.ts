import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { PublicKey, SigningKey } from './identity.js';
import { publicKeySchema } from './public-key.js';
import { claimedSigner, fault, verifySigned } from './signed.js';

/** What the old key signs. */
const statementSchema = z.strictObject({
  iat: z.number(),
  key: publicKeySchema,
  // whoever knows the old key has it; this is for its owner, whose file of it is gone
  previous: publicKeySchema.exactOptional(),
  // signed by the new key
  proof: z.string(),
});

/** What the new key signs: nobody can take over a key that it does not hold. */
const proofSchema = z.strictObject({ iat: z.number(), previous: z.string(), key: z.string() });

/** A statement by `previous` that `next` takes its place, with a proof by `next`. `iat`: seconds since 1970. */
export async function signKeyChange(previous: SigningKey, next: SigningKey, iat: number): Promise<string> {
  const claims = { iat, previous: previous.publicKey.kid, key: next.publicKey.kid };
  const proof = await next.sign('starling-key+jwt', claims);
  const statement = { iat, key: next.publicKey, previous: previous.publicKey, proof };
  return previous.sign('starling-key+jwt', statement);
}

/**
 * The new key that a statement of `rotateSigningKey` names. Throws `signature-invalid` unless one of `knownKeys` signed the
 * statement and the new key the proof in it.
 */
export async function verifyKeyChange(
  statement: string,
  knownKeys: readonly PublicKey[],
): Promise<PublicKey> {
  const claims = statementSchema.safeParse(await verifySigned(statement, 'starling-key+jwt', knownKeys));
  if (!claims.success) throw fault('starling-key+jwt', 'malformed', 'it is no statement of a change of keys');
  const { key, proof } = claims.data;
  const proven = proofSchema.safeParse(await verifySigned(proof, 'starling-key+jwt', [key]));
  const previous = claimedSigner(statement, 'starling-key+jwt');
  if (!proven.success || proven.data.key !== key.kid || proven.data.previous !== previous) {
    throw fault('starling-key+jwt', 'malformed', 'its proof by the new key is for another change');
  }
  return key;
}

/** The keys that signed one's own `statements`, oldest first. Throws where a text is no statement. */
export function previousKeys(statements: readonly string[]): readonly PublicKey[] {
  return statements.flatMap((statement) => statementSchema.parse(decodeJwt(statement)).previous ?? []);
}
