export { canonicalJson, contentHash } from './canonical-json.js';
export { clockToleranceMs, type WallReading, watchClockJumps } from './clock-jumps.js';
export type {
  Caller,
  EarlierKey,
  FollowedKeys,
  Person,
  PinnedKeys,
  PublicKey,
  Role,
  SignedType,
  SigningKey,
  TokenVerifier,
  TrustedIssuer,
} from './identity.js';
export {
  type Issuer,
  type IssuerOptions,
  longestTokenSeconds,
  openIssuer,
  type TokenRequest,
} from './issuer.js';
export { previousKeys, verifyKeyChange } from './key-change.js';
export {
  acceptKeyChanges,
  everyKey,
  keyGraceMs,
  keysInForce,
  pinKey,
  pinnedKeysSchema,
} from './pinned-keys.js';
export { publicKeySchema } from './public-key.js';
export { isRole, rolesOf } from './roles.js';
export { type RotatedKey, readKeyChanges, rotateSigningKey } from './rotate-signing-key.js';
export { openRotatingKey, type RotatingKey } from './rotating-key.js';
export { isLoopbackHost, isSecureUrl } from './secure-url.js';
export { claimedSigner, largestSigned, type SignatureFault, verifySigned } from './signed.js';
export { makeSigningKey, openSigningKey } from './signing-key.js';
export type { TokenFault } from './token-claims.js';
export { createTokenVerifier, type TokenVerifierOptions } from './tokens.js';
