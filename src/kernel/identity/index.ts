export { canonicalJson, contentHash } from './canonical-json.js';
export type {
  Caller,
  Person,
  PublicKey,
  Role,
  SignedType,
  SigningKey,
  TokenVerifier,
  TrustedIssuer,
} from './identity.js';
export { verifySigned } from './signed.js';
export { openSigningKey } from './signing-key.js';
