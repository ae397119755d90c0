import type { OutputForm } from './agreement.js';
import type { AlgorithmName, Bins, Outcome } from './algorithm.js';

/** An algorithm with nothing left out. Columns are `Table.column`, declared as a measure or a group. */
export interface NormalAlgorithm {
  readonly name: AlgorithmName;
  /** The one that it computes with; absent for a count of rows, and where it computes with several. */
  readonly column?: string;
  /** The measures of a covariance or correlation, two or more. */
  readonly columns?: readonly string[];
  /** What a regression explains, and by what. */
  readonly outcome?: Outcome;
  readonly predictors?: readonly string[];
  /** Between 0 and 1, rising. */
  readonly quantiles?: readonly number[];
  /** In the order asked for; empty: one figure over all. */
  readonly groupBy: readonly string[];
  /** Whether the figure over all groups is asked for besides. */
  readonly total: boolean;
  /** Present for a histogram, and only there. */
  readonly bins?: Bins;
}

/** A request with every default filled in and every name known. Plain JSON data. */
export interface NormalRequest {
  readonly user: { readonly id: string; readonly name?: string };
  readonly requestType: string;
  readonly dataSet: string;
  /** Sorted, each once. */
  readonly dataProviders: readonly string[];
  readonly query: string;
  /** Whether the query was written by the requester; else it is the default one of the data set. */
  readonly queryGiven: boolean;
  /** Set where a `JOIN` without a condition is a cross join, as for clients of DYNAMOS; else it is a fault. */
  readonly crossJoinWithoutOn?: true;
  readonly algorithm?: NormalAlgorithm;
  /** The options that are set, sorted. */
  readonly options: readonly string[];
  /** The archetype that the request insists on. */
  readonly archetype?: string;
  /** The compute provider that the request insists on. */
  readonly computeProvider?: string;
  /** Set where providers without an archetype in common may answer under different ones. */
  readonly mixedArchetypes?: true;
  /** Set where one answer of several providers may go without those that fail. */
  readonly allowPartial?: true;
  readonly limits: { readonly timeSeconds?: number };
  /** What the answer would be: figures where there is an algorithm, else rows. */
  readonly form: OutputForm;
}
