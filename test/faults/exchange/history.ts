import type { Ending } from '../../lab/tally.js';

/** A question that is asked again and again; its name decides which answers are right. */
export interface Question {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether an answer of some of the providers does too. */
  readonly isPartial: boolean;
}

/** One result, as the gateway gave it. */
export interface SeenResult {
  readonly providers: readonly string[];
  readonly rows?: unknown;
  readonly error?: { readonly code: string };
}

/** A request as one client asked it, and what it was told. */
export interface Asked {
  readonly client: string;
  readonly question: string;
  readonly ending: Ending;
  /** Of what was answered: the request's id, where there was one, and its results or why there are none. */
  readonly id?: string;
  readonly results?: readonly SeenResult[];
  readonly code?: string;
}

/** A request as the gateway lists it at the end. */
export interface ListedRequest {
  readonly id: string;
  readonly state: string;
}

/** All that was recorded of a run. */
export interface ExchangeHistory {
  readonly questions: readonly Question[];
  readonly asked: readonly Asked[];
  /** The right rows, by question and providers as `rightKey` has them. */
  readonly right: ReadonlyMap<string, unknown>;
  readonly listed: readonly ListedRequest[];
  /** Files of rows that were received and not removed. */
  readonly leftRows: readonly string[];
  /** What is wrong with audit logs. */
  readonly auditProblems: readonly string[];
}

/** Names the answer of some providers to a question. */
export function rightKey(providers: readonly string[]): string {
  return [...providers].sort().join(',');
}
