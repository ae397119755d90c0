import { z } from 'zod';
import { type PublicKey, type SigningKey, verifySigned } from '../../../kernel/identity/index.js';
import { outputForm, validate } from '../model/index.js';
import { transferRefused } from './transfer-refused.js';

const name = z.string().min(1).max(300);
const hash = z.string().max(64);
const numericDate = z.int().min(0).max(253_402_300_799);

const claimsSchema = z.strictObject({
  jti: name,
  iss: name,
  aud: name,
  iat: numericDate,
  exp: numericDate,
  request: name,
  order: name,
  sender: name,
  question: hash,
  rule: z.strictObject({
    form: outputForm,
    minimumGroupSize: z.int().min(1),
    extremes: z.boolean(),
  }),
});

/**
 * What a provider signs for one transfer of rows (`starling-rows+jwt`). Times are NumericDates. `iss` and `aud` are the two
 * parties; `order` is that of the compute provider and `sender` the provider's own; `question` is the `contentHash` of the
 * question that the rows are for; `rule` is what the provider's agreement lets out of them.
 */
export type TransferClaims = Readonly<z.infer<typeof claimsSchema>>;

/** The token that goes with the rows. */
export function signTransfer(claims: TransferClaims, key: SigningKey): Promise<string> {
  return key.sign('starling-rows+jwt', claims);
}

/** The claims of a token that one of `keys` signed. Throws `signature-invalid`, and `order-refused` for another form. */
export async function openTransfer(token: string, keys: readonly PublicKey[]): Promise<TransferClaims> {
  return readClaims(await verifySigned(token, 'starling-rows+jwt', keys));
}

/** What a token says, before anybody has verified it: only to find out whom to ask for keys. Throws `order-refused`. */
export function claimedTransfer(token: string): TransferClaims {
  const payload = token.split('.')[1] ?? '';
  try {
    return readClaims(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch (cause) {
    throw transferRefused('what came with them is no token for rows', cause);
  }
}

function readClaims(payload: unknown): TransferClaims {
  const read = validate(claimsSchema, payload);
  if (read.ok) return read.value;
  throw transferRefused('their token does not have the form of one for rows');
}
