import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { decodeProtectedHeader, type JWSHeaderParameters } from 'jose';
import { StarlingError } from '../errors/index.js';
import type { PublicKey, SignedType } from './identity.js';

/** Why something signed is not believed. */
export type SignatureFault = 'malformed' | 'unsigned' | 'wrong-type' | 'unknown-key' | 'bad-signature';

/** The most characters that something signed may have: a value of the state store, in base64. */
export const largestSigned = 2 * 1024 * 1024;

/**
 * The payload of a compact JWS that one of `keys` signed for the purpose `type`. Throws `signature-invalid` with
 * `details.reason`, a `SignatureFault`.
 */
export async function verifySigned(
  jws: string,
  type: SignedType,
  keys: readonly PublicKey[],
): Promise<unknown> {
  const key = keyOf(jws, type, keys);
  const input = jws.slice(0, jws.lastIndexOf('.'));
  const altered = 'it was altered, or signed with another key than it names';
  let holds: boolean;
  try {
    // on this thread: it takes a tenth of a millisecond, and the way to another thread and back takes longer
    const signature = Buffer.from(jws.slice(input.length + 1), 'base64url');
    holds = verify(null, Buffer.from(input), keyObject(key), signature);
  } catch (error) {
    throw fault(type, 'bad-signature', altered, error);
  }
  if (!holds) throw fault(type, 'bad-signature', altered);
  try {
    const payload = Buffer.from(input.slice(input.indexOf('.') + 1), 'base64url');
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (error) {
    throw fault(type, 'malformed', 'what was signed is not JSON', error);
  }
}

/** Keys that were used, by their `x`: to read one takes as long as to verify with it. */
const read = new Map<string, KeyObject>();
const mostRead = 1_000;

/** Throws where `x` is no point of the curve. */
function keyObject({ kty, crv, x }: PublicKey): KeyObject {
  const known = read.get(x);
  if (known !== undefined) return known;
  const object = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  if (read.size >= mostRead) read.clear();
  read.set(x, object);
  return object;
}

/** The thumbprint of the key that `jws` says it was signed with; nothing is verified. Throws as `verifySigned` does. */
export function claimedSigner(jws: string, type: SignedType): string | undefined {
  return headerOf(jws, type).kid;
}

function headerOf(jws: string, type: SignedType): JWSHeaderParameters {
  if (jws.length > largestSigned) {
    throw fault(type, 'malformed', `it has ${jws.length} characters, and ${largestSigned} are the most`);
  }
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(jws)) throw fault(type, 'malformed', 'it is no compact JWS');
  try {
    return decodeProtectedHeader(jws);
  } catch (error) {
    throw fault(type, 'malformed', 'its header cannot be read', error);
  }
}

function keyOf(jws: string, type: SignedType, keys: readonly PublicKey[]): PublicKey {
  const header = headerOf(jws, type);
  if (header.alg === 'none' || jws.endsWith('.')) throw fault(type, 'unsigned', 'it has no signature');
  if (header.crit !== undefined)
    throw fault(type, 'malformed', 'its header asks for extensions that are not known');
  if (header.alg !== 'EdDSA')
    throw fault(type, 'bad-signature', `it is signed with ${header.alg}, not with EdDSA`);
  // 64 bytes, and nothing in the bits that stand for none: what was signed has one text
  if (!/\.[\w-]{85}[AQgw]$/.test(jws))
    throw fault(type, 'bad-signature', 'its signature is of no Ed25519 key');
  if (header.typ !== type)
    throw fault(type, 'wrong-type', `it was signed as ${header.typ ?? 'nothing in particular'}`);
  const key = keys.find((one) => one.kid === header.kid);
  if (key === undefined) throw fault(type, 'unknown-key', `its key ${header.kid ?? ''} is not pinned here`);
  return key;
}

/** The error for something that was to be signed as `type` and is not believed. */
export function fault(type: SignedType, reason: SignatureFault, why: string, cause?: unknown): StarlingError {
  return new StarlingError(
    'signature-invalid',
    `What should be signed as ${type} is not believed: ${why}. Ask whoever sent it.`,
    { details: { reason, type }, cause },
  );
}
