import { compactVerify, importJWK } from 'jose';
import { StarlingError } from '../errors/index.js';
import type { PublicKey, SignedType } from './identity.js';

/**
 * The payload of a compact JWS that one of `keys` signed for the purpose `type`. Throws `signature-invalid` with
 * `details.reason`: `malformed`, `unsigned`, `wrong-type`, `unknown-key` or `bad-signature`.
 */
export async function verifySigned(
  jws: string,
  type: SignedType,
  keys: readonly PublicKey[],
): Promise<unknown> {
  const { payload } = await compactVerify(
    jws,
    async (header) => {
      const key = keys.find((one) => one.kid === header.kid);
      if (header.typ !== type || key === undefined) {
        throw new StarlingError('signature-invalid', 'The signature is of no key that is known here.');
      }
      return importJWK(key, 'EdDSA');
    },
    { algorithms: ['EdDSA'] },
  );
  return JSON.parse(Buffer.from(payload).toString());
}
