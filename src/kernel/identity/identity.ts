/** The public half of an Ed25519 key, as a JWK (RFC 8037); `kid` is its thumbprint (RFC 7638). */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
}

/** A private key that signs; the key itself never leaves its file. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  /** Its predecessors, oldest first, with which its owner signed before; none where that is left out. */
  readonly earlier?: readonly PublicKey[];
  /**
   * A compact JWS (EdDSA) over `payload` as JSON. `type` goes into the `typ` header, so that what was signed for one
   * purpose is of no use for another.
   */
  sign(type: SignedType, payload: object): Promise<string>;
}

/** Purposes of signatures; each is the `typ` of its JWS. */
export type SignedType =
  | 'starling-order+jwt'
  | 'starling-receipt+jwt'
  | 'starling-agreement+jwt'
  | 'starling-audit-head+jwt'
  | 'starling-link+jwt'
  | 'starling-key+jwt'
  | 'starling-rows+jwt'
  | 'starling-rows-host+jwt'
  | 'at+jwt';

/** What somebody may do; `service:NAME` is for the instances of a service, such as workers, `host:NAME` for a host alone. */
export type Role = 'requester' | 'operator' | `steward:${string}` | `service:${string}` | `host:${string}`;

/** A person, as the verified token says. */
export interface Person {
  /** As agreements name them. */
  readonly id: string;
  readonly name?: string;
  /** Sorted, each once. */
  readonly roles: readonly Role[];
  /** The issuer that vouches for it; absent in open mode, where nobody does. */
  readonly issuer?: string;
}

/** Who calls: the person, and the token that says so, which goes on to the agents. */
export interface Caller {
  readonly person: Person;
  /** Absent in open mode. */
  readonly token?: string;
}

/** An issuer of tokens that is trusted, and how its tokens are read. */
export interface TrustedIssuer {
  /** The `iss` of its tokens, an URL. */
  readonly issuer: string;
  /** The `aud` that tokens must have. */
  readonly audience: string;
  /**
   * Its keys, where they are pinned: for good, as whoever is asked knows them now, or so that they follow changes which the
   * pinned key itself signed. Else they are found by OpenID discovery and fetched again when they rotate.
   */
  readonly keys?: readonly PublicKey[] | (() => readonly PublicKey[]) | FollowedKeys;
  /** The claim that holds the person's id. Default: `sub`. */
  readonly userClaim?: string;
  /** The claim that holds roles, an array of texts. Default: `starling_roles`. */
  readonly rolesClaim?: string;
  /** Roles that are given here, by the person's id, besides those of the token. */
  readonly grants?: Readonly<Record<string, readonly Role[]>>;
}

/** The keys that somebody is known by here, as plain data. */
export interface PinnedKeys {
  readonly current: PublicKey;
  /** Oldest first. They verify what was signed while they were current. */
  readonly earlier: readonly EarlierKey[];
}

/** A key that another took the place of. */
export interface EarlierKey {
  readonly key: PublicKey;
  /** ISO 8601, UTC, by the clock of whoever pinned it: the end of its grace. */
  readonly until: string;
}

/** Keys that are pinned, and replaced only as their owner says with the key that is pinned. */
export interface FollowedKeys {
  pinned(): PinnedKeys;
  /** Keeps them after a change; what it throws keeps the new key from counting. */
  keep(keys: PinnedKeys): Promise<void>;
}

/** Verifies tokens of people. */
export interface TokenVerifier {
  /**
   * The person of a token. Throws `token-invalid`, with `details.reason` one of `malformed`, `unsigned`, `unknown-issuer`,
   * `wrong-audience`, `bad-signature`, `expired`, `no-user`; `clock-skewed` where the token is of the future; and
   * `issuer-unreachable` where the issuer's keys cannot be had.
   */
  verify(token: string): Promise<Person>;
}
