import type { Injected } from '../../lab/outages.js';
import type { Ending } from '../../lab/tally.js';
import type { Provider } from './questions.js';

/** What people do, in the words of reports. */
export const operationKinds = [
  'ask',
  'ask again',
  'follow',
  'cancel',
  'dry run',
  'read',
  'read events',
  'explain',
  'list',
  'change agreement',
] as const;
export type OperationKind = (typeof operationKinds)[number];

/** One result, as the gateway gave it. */
export interface SeenResult {
  readonly providers: readonly string[];
  readonly archetype?: string;
  readonly rows?: unknown;
  readonly absent?: readonly { readonly provider: string; readonly error: { readonly code: string } }[];
  readonly error?: { readonly code: string };
}

/** A request as a gateway showed it. */
export interface SeenRequest {
  readonly id: string;
  readonly state: string;
  readonly job?: string;
  /** Of the wall's clock, ISO 8601. */
  readonly endedAt?: string;
  /** Why it was refused or failed as a whole. */
  readonly error?: { readonly code: string };
  readonly results: readonly SeenResult[];
  readonly refused: readonly { readonly provider: string }[];
  readonly absent: readonly string[];
}

/** An event as it was told: its number and type, and the party that it is of. */
export interface SeenEvent {
  readonly id: number;
  readonly type: string;
  readonly party?: string;
}

/** Types of the events that a request ends with, which are its states then. */
const endTypes = ['answered', 'refused', 'failed', 'cancelled'];

/** Whether an event is the end of its request; a provider may refuse for itself alone. */
export function isEnd(event: SeenEvent | undefined): boolean {
  return event !== undefined && event.party === undefined && endTypes.includes(event.type);
}

/** What a client did, and what it was told. Times are milliseconds of the machine's monotonic clock. */
export interface Operation {
  readonly client: string;
  readonly kind: OperationKind;
  readonly calledAt: number;
  readonly at: number;
  readonly ending: Ending;
  /** The gateway that answered, or was asked last. */
  readonly gateway: string;
  /** What was asked, also of a request that is read. */
  readonly question?: string;
  /** The request that it made, or that it was about. */
  readonly id?: string;
  readonly seen?: SeenRequest;
  /** Of one that was explained. */
  readonly state?: string;
  /** Of a problem. */
  readonly code?: string;
  /** Of events that were followed: from the first on, or after the one of the number `after`. */
  readonly events?: readonly SeenEvent[];
  readonly after?: number;
  /** Of a dry run: who would allow it. */
  readonly decisions?: readonly { readonly provider: string; readonly approved: boolean }[];
  /** Of a list: the ids of its requests, newest first, and whether there are older ones. */
  readonly page?: { readonly ids: readonly string[]; readonly isLast: boolean };
}

/** A change of an agreement by its owner. Number 0 is what was there before any, and comes without one. */
export interface Change {
  readonly provider: Provider;
  readonly number: number;
  /** The archetypes that it allows Ada; none where it does not let her ask. */
  readonly allowed: readonly string[];
  /** Whether it was put at the agent itself, so that gateways hear of it afterwards. */
  readonly isAtAgent: boolean;
  readonly calledAt: number;
  readonly at: number;
  readonly ending: Ending;
}

/** A request as it is listed at the end. */
export interface ListedRequest {
  readonly id: string;
  readonly state: string;
}

/** All that was recorded of a run. */
export interface ExchangeHistory {
  readonly operations: readonly Operation[];
  readonly changes: readonly Change[];
  /** By provider, the numbers of the changes that its agent has made, in their order; one that it did not have is -1. */
  readonly versions: Readonly<Record<Provider, readonly number[]>>;
  readonly faults: readonly Injected[];
  /** What the wall's clock is ahead of the monotonic one, in milliseconds. */
  readonly wallAheadMs: number;
  /** The right rows, by providers as `rightKey` has them. */
  readonly right: ReadonlyMap<string, unknown>;
  readonly listed: readonly ListedRequest[];
  /** Files of rows that were received and not removed. */
  readonly leftRows: readonly string[];
  /** What is wrong with audit logs. */
  readonly auditProblems: readonly string[];
}

/** Names the answer of some providers to a question. */
export function rightKey(answering: readonly string[]): string {
  return [...answering].sort().join(',');
}
