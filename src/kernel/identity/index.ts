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
export { verifyKeyChange } from './key-change.js';
export {
  acceptKeyChanges,
  type EarlierKey,
  everyKey,
  keyGraceMs,
  keysInForce,
  type PinnedKeys,
  pinKey,
  pinnedKeysSchema,
} from './pinned-keys.js';
export { publicKeySchema } from './public-key.js';
export { isRole, rolesOf } from './roles.js';
export { type RotatedKey, readKeyChanges, rotateSigningKey } from './rotate-signing-key.js';
export { claimedSigner, largestSigned, type SignatureFault, verifySigned } from './signed.js';
export { openSigningKey } from './signing-key.js';
