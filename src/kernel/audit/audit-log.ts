import type { PublicKey } from '../identity/index.js';
import type { Json } from '../state/index.js';

/** One thing that happened, chained to the one before it. */
export interface AuditEntry {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ISO 8601, UTC, by the clock of whoever keeps the log. */
  readonly at: string;
  /** What kind of thing it was, such as `order-refused`. */
  readonly type: string;
  readonly data: Json;
  /** The `hash` of the entry before it; of the first, a hash of the owner's name. */
  readonly previous: string;
  /** `contentHash` of the entry without this member. */
  readonly hash: string;
}

/** What the newest entry of a log was at some time; signed as `starling-audit-head+jwt` it binds its owner. */
export interface AuditHead {
  /** Whose log it is: a party's id, or a gateway's name. */
  readonly owner: string;
  readonly sequence: number;
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A head of somebody else's log, as it was received. */
export interface ReceivedHead {
  readonly owner: string;
  /** The signed head, a compact JWS. */
  readonly head: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** One page of a log. */
export interface AuditPage {
  readonly items: readonly AuditEntry[];
  /** Pass it as `after` to read on; absent on the last page. */
  readonly next?: number;
}

/** Somebody's own audit log. Its owner closes the state store after it. */
export interface AuditLog {
  readonly owner: string;
  /**
   * Writes one entry; resolves when it is synced. Several calls at once share a write. Where it rejects nothing was
   * written, and what was to be audited must not happen.
   */
  append(type: string, data: Json): Promise<AuditEntry>;
  /** The keys that heads are and were signed with, the one of now first. */
  keys(): readonly PublicKey[];
  /** The head of now, signed; made once per entry. */
  head(): Promise<string>;
  /** Oldest first; `after` skips entries up to that sequence. */
  page(options: { readonly limit: number; readonly after?: number }): Promise<AuditPage>;
  /** Keeps a verified head of a counterparty: only the newest, and one of each day. */
  keep(head: AuditHead, signed: string): Promise<void>;
  /** Heads of counterparties, by owner and sequence. */
  received(): Promise<readonly ReceivedHead[]>;
}
