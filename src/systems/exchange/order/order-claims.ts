import type { PublicKey } from '../../../kernel/identity/index.js';
import type { Chain } from '../compose/index.js';
import type { Fit, NormalRequest } from '../model/index.js';
import type { Partials } from '../steps/index.js';

/**
 * What a gateway signs when it asks a party's agent to run one chain (`starling-order+jwt`). Times are NumericDates:
 * seconds since 1970.
 */
export interface OrderClaims {
  /** Unique; an id that was seen before is refused. */
  readonly jti: string;
  /** The gateway that signs, by the thumbprint of the key that it signs with. */
  readonly iss: string;
  /** The party that is meant. */
  readonly aud: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly request: string;
  readonly job: string;
  /** How often the job was composed, from 1 on. */
  readonly jobRevision: number;
  /** The requester's own token, whose issuer the agent verifies itself; absent in open mode. */
  readonly token?: string;
  /** The question with the exact statement or algorithm, and who asks. */
  readonly question: NormalRequest;
  readonly chain: Chain;
  /** `agreementHash` of the agreement that it rests on; of a data provider's chain. */
  readonly agreement?: string;
  /** `contentHash` of what the gateway takes the data set to be, without its sources. */
  readonly dataSet: string;
  /** The other parties of the job with the keys that they are known by here, sorted by party. */
  readonly peers: readonly OrderPeer[];
  /** The round that it asks for, of an algorithm that goes over the rows several times; absent for the first pass. */
  readonly fit?: Fit;
  /** `contentHash` of the inputs, which come beside the order. */
  readonly inputs: string;
  /** The signed head of the gateway's audit log. */
  readonly auditHead?: string;
}

/** Another party of a job, as an order names it. */
export interface OrderPeer {
  readonly party: string;
  readonly keys: readonly PublicKey[];
  /** Where the agent of a compute provider takes rows, an https URL; and the `jti` of its order, which expects them. */
  readonly address?: string;
  readonly order?: string;
}

/** Rows as they went from one party to another: a stream of so many bytes, with their SHA-256 in base64url. */
export interface TransferredRows {
  readonly rows: number;
  readonly bytes: number;
  readonly hash: string;
}

/** A signed order with what travels beside it. */
export interface Order {
  /** A compact JWS over `OrderClaims`. */
  readonly signed: string;
  /** What the data providers released, for a compute provider; bound by its hash. */
  readonly inputs: readonly Partials[];
  /** W3C trace context of the request. */
  readonly traceparent?: string;
}

/** What an agent signs when an order has ended (`starling-receipt+jwt`). */
export interface ReceiptClaims {
  /** The order's `jti`. */
  readonly order: string;
  readonly request: string;
  /** The party that ran it, and the gateway that ordered it. */
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly outcome: 'released' | 'refused' | 'failed';
  /** `contentHash` of what was released: the result of the report, or for rows their number and columns. */
  readonly released?: string;
  /** The rows that it sent to a compute provider. */
  readonly sent?: TransferredRows & { readonly to: string };
  /** The rows that it received, and computed with. */
  readonly received?: readonly (TransferredRows & { readonly party: string })[];
  readonly agreement?: string;
  /** The signed head of the party's audit log, after the entry on this order. */
  readonly auditHead: string;
}
