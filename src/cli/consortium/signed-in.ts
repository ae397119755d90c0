import type { Clock } from '../../kernel/clock/index.js';
import {
  createTokenVerifier,
  type Issuer,
  type TokenVerifier,
  type TrustedIssuer,
} from '../../kernel/identity/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { AccessSettings } from '../../systems/exchange/index.js';
import { openBuiltInIssuer } from './built-in-issuer.js';
import { followingIssuer } from './issuer-key.js';
import type { SharedKey } from './shared-key.js';

export interface SignedInOptions {
  /** The gateway's folder. */
  readonly folder: string;
  /** Whose tokens are believed; those of the gateway's own issuer if not given. */
  readonly settings: AccessSettings | undefined;
  /** The address that people call the gateway by. */
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who vouches for the instances of services, at gateways alone; nobody if not given. */
  readonly instances?: TrustedIssuer;
  /** The key of the gateways' own issuer, where that is who is believed. */
  readonly issuerKey: SharedKey | undefined;
  /** How the keys of other issuers are fetched. */
  readonly fetch?: typeof fetch;
}

/** How a gateway learns who calls, by tokens. */
export interface SignedIn {
  readonly mode: 'signed-in';
  /** Of people, and of instances of services. */
  readonly verifier: TokenVerifier;
  /** Of people alone, as agents need it. */
  readonly people: TokenVerifier;
  /** The gateway's own, where it is the one that is believed. */
  readonly issuer?: Issuer;
}

/** Believes the issuers that the configuration names, or else the gateway's own. Throws `configuration-invalid`. */
export async function openSignedIn(options: SignedInOptions): Promise<SignedIn> {
  const { folder, settings, url, clock, logger, instances, issuerKey, fetch } = options;
  const onClockJump = (byMs: number) =>
    logger.warn({ byMs }, 'the clock of this machine jumped; tokens are judged by its new time');
  const verifierOf = (issuers: AccessSettings['issuers']) =>
    createTokenVerifier({ issuers, clock, onClockJump, ...(fetch === undefined ? {} : { fetch }) });
  const verifiersOf = (issuers: AccessSettings['issuers']) => ({
    verifier: verifierOf(instances === undefined ? issuers : [...issuers, instances]),
    people: verifierOf(issuers),
  });
  if (settings !== undefined) return { mode: 'signed-in', ...verifiersOf(settings.issuers) };
  const { issuer, trusted } = await openBuiltInIssuer({ folder, url, clock });
  if (issuerKey === undefined) return { mode: 'signed-in', ...verifiersOf([trusted]), issuer };
  const keys = () => issuerKey.inForce();
  return {
    mode: 'signed-in',
    ...verifiersOf([{ ...trusted, keys }]),
    issuer: followingIssuer(issuerKey, trusted, clock),
  };
}
