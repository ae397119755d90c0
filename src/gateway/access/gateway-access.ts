import type { TokenVerifier } from '../../kernel/identity/index.js';

/** The built-in issuer, as far as others find its keys through the gateway. */
export interface ServedIssuer {
  /** Its OpenID configuration, served at `/.well-known/openid-configuration`. */
  discovery(): object;
  /** Its keys of now, served at `/.well-known/jwks.json`. */
  jwks(): object;
}

/**
 * How the gateway learns who calls. `open`: it believes whoever the body names, so it listens on loopback alone.
 * `signed-in`: it believes tokens, and every route has its roles.
 */
export type GatewayAccess =
  | { readonly mode: 'open' }
  | {
      readonly mode: 'signed-in';
      readonly verifier: TokenVerifier;
      readonly issuer?: ServedIssuer;
    };
