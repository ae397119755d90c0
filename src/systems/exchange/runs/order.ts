import type { ErrorRecord } from '../../../kernel/errors/index.js';
import type { Declared, Grant } from '../authorise/index.js';
import type { StepAt } from '../foreign/step-fault.js';
import type { Graph } from '../graphs/index.js';
import type { Fit, NormalAlgorithm, StepColumns } from '../model/index.js';
import type {
  AnonymizeRule,
  AnswerTable,
  Bins,
  FingerprintRule,
  Partials,
  ReleaseFingerprints,
} from '../steps/index.js';

/** Limits of one run. The operating system holds the child to its pool's caps besides. */
export interface RunLimits {
  /** From the order to the last byte of the answer. */
  readonly timeMs: number;
  /** What DuckDB may use; the child's own data segment is capped above it. */
  readonly memoryMegabytes: number;
  readonly rows: number;
  readonly resultBytes: number;
}

/** What `sql-algorithm` is asked for, in columns named `Table.column`. */
export type AlgorithmOrder = Omit<NormalAlgorithm, 'name' | 'column' | 'bins'> & {
  readonly name: string;
  readonly column?: string | undefined;
  readonly bins?: Bins | undefined;
};

/** Runs a data provider's chain over one of its data sets. */
export interface QueryOrder {
  readonly kind: 'query';
  /** Path of the data set's read-only DuckDB file. */
  readonly database: string;
  /** The requester's statement. */
  readonly query: string;
  /** Set where a `JOIN` without a condition is a cross join, and no fault. */
  readonly crossJoinWithoutOn?: true;
  /** Columns that the relation lets the chain read. */
  readonly grant: Grant;
  readonly declared: Declared;
  /** What may leave: rows, or aggregates over groups of at least so many persons. */
  readonly form: 'rows' | 'aggregates';
  readonly minimumGroupSize: number;
  /** Whether figures that are one person's own value may leave: `min` and `max`. */
  readonly extremes: boolean;
  /** Set where small groups go to a compute provider, which merges them with others' before any of it is released. */
  readonly smallGroups?: true;
  /** Set where `sql-anonymize` is in the chain; `key` never leaves the provider. */
  readonly anonymize?: { readonly rules: Readonly<Record<string, AnonymizeRule>>; readonly key: string };
  /** Set where `sql-algorithm` is in the chain. */
  readonly algorithm?: AlgorithmOrder;
  /** The round of the algorithm to compute for a merge; absent for the first pass over the rows. */
  readonly fit?: Fit;
  /** `partials` where somebody else merges. */
  readonly releases: 'answer' | 'partials';
  /** Set where the release has to be held against earlier ones: the run then makes fingerprints of its figures. */
  readonly fingerprint?: FingerprintRule;
  /** Groups, by `groupKey`, that are held back whatever they have: shown beside earlier answers they would tell of a few. */
  readonly withhold?: readonly string[];
  /** Set where a foreign step comes after the query. */
  readonly step?: StepOrder;
  /** Set where the rows go to a compute provider. */
  readonly transfer?: TransferOrder;
  readonly limits: RunLimits;
}

/** A foreign step in a chain: the run goes up to it, or from it on where what it gave is there. */
export interface StepOrder {
  readonly at: StepAt;
  /** Secret of the codes that persons go under, made anew for each order. */
  readonly key: string;
  readonly input: StepColumns;
  readonly output: StepColumns;
  readonly gives: 'rows' | 'aggregates';
  /** Rows that may go to it, and that may come back. */
  readonly rows: number;
  /** Bytes that may go to it. */
  readonly requestBytes: number;
  /** What it gave: an Arrow IPC stream in a file of the agent, and its SHA-256. */
  readonly cameBack?: { readonly file: string; readonly hash: string };
}

/** Where rows for a compute provider go, and how persons in them are named. */
export interface TransferOrder {
  /** Path of the named pipe that the agent reads; nothing else may be written. */
  readonly pipe: string;
  /** Secrets of `pseudonymNumber`, of this provider and for this compute provider. */
  readonly keys: readonly string[];
}

/** The rows that one provider sent, in a file of the agent that received them. */
export interface CombineSource {
  readonly party: string;
  readonly file: string;
  /** How many its provider signed for. */
  readonly rows: number;
  /** SHA-256 of the file, in base64url. */
  readonly hash: string;
}

/**
 * Runs a compute provider's chain over the rows that providers sent: every row once. For an algorithm they have the columns
 * `u0…`, `g0…` and `m0…` that `transferredRows` made; else those of the query.
 */
export interface CombineOrder
  extends Pick<
    QueryOrder,
    | 'form'
    | 'minimumGroupSize'
    | 'extremes'
    | 'releases'
    | 'fingerprint'
    | 'withhold'
    | 'algorithm'
    | 'limits'
  > {
  readonly kind: 'combine';
  readonly sources: readonly CombineSource[];
}

/** Runs a compute provider's chain over what providers released. */
export interface MergeOrder {
  readonly kind: 'merge';
  readonly partials: readonly Partials[];
  /** The round that they are of; absent for the first pass over the rows. */
  readonly fit?: Fit;
  /** The fewest persons that a released group may have; the largest that any provider names holds besides. */
  readonly minimumGroupSize: number;
  readonly limits: RunLimits;
}

export type RunOrder = QueryOrder | MergeOrder | CombineOrder;

/** How long a part of a run took. */
export interface Phase {
  readonly name:
    | 'open'
    | 'parse'
    | 'bind'
    | 'authorise'
    | 'execute'
    | 'count persons'
    | 'fingerprint'
    | 'combine'
    | 'merge';
  readonly ms: number;
}

/** Rows that went to a compute provider's agent: as they went, with their SHA-256 in base64url. */
export interface SentResult {
  readonly kind: 'sent';
  readonly to: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly hash: string;
}

/** Where a fit is that is not at its end: the providers are asked for the next round. */
export interface RoundResult {
  readonly kind: 'round';
  readonly fit: Fit;
}

/** What a run hands back. Rows come beside it, as an Arrow IPC stream. */
export interface RunReport {
  readonly result:
    | { readonly kind: 'answer'; readonly table: AnswerTable; readonly graph?: Graph }
    | { readonly kind: 'partials'; readonly partials: Partials }
    | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: number }
    | SentResult
    | RoundResult;
  /** The statement that ran, without keys; none in a merge. */
  readonly statement?: string;
  /** Set where a `JOIN` without a condition was taken as a cross join. */
  readonly crossJoined?: boolean;
  /** Columns that were read, as `Table.column`. */
  readonly read: readonly string[];
  readonly phases: readonly Phase[];
  /**
   * Where the order asked for them. They are for the party's own ledger of releases, and leave it no more than its rows
   * do.
   */
  readonly fingerprints?: ReleaseFingerprints;
}

/** Messages to a run's process. */
export type ToChild =
  | { readonly type: 'prepare'; readonly database: string | undefined; readonly memoryMegabytes: number }
  | { readonly type: 'run'; readonly order: RunOrder };

/** Messages from a run's process. */
export type FromChild =
  | { readonly type: 'ready'; readonly residentBytes: number }
  | { readonly type: 'progress'; readonly phase: Phase['name'] }
  | { readonly type: 'done'; readonly report: RunReport }
  | { readonly type: 'failed'; readonly error: ErrorRecord; readonly privately?: string };
