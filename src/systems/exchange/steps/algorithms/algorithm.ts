import type { Fit } from '../../model/fit.js';
import type { Quantity } from '../quantity.js';

/** The SQL of a column that an algorithm works on, as the final statement names it. */
export interface ColumnExpression {
  readonly sql: string;
  /** What it is called in the answer. */
  readonly name: string;
  /** DuckDB's name of its type, such as `INTEGER`, `DECIMAL(10,2)` or `VARCHAR`. */
  readonly type: string;
}

/** Where the bars of a histogram of numbers lie. */
export interface Bins {
  readonly width: number;
  readonly origin: number;
}

/** Values that lie between two buckets, bounds included; a bound that is not told is null. */
export interface Span {
  readonly low: number | null;
  readonly high: number | null;
  readonly rows: number;
  /** A lower bound of the persons who have them; it does not leave the provider. */
  readonly persons?: number;
}

/** What one group's rows were folded into; partial states of one group can be merged. Plain JSON. */
export interface PartialState {
  readonly rows: number;
  readonly sum?: Quantity;
  readonly squares?: Quantity;
  readonly mean?: number;
  /** Sum of squared differences from the mean. */
  readonly squaredDifferences?: number;
  /** Of several columns: their sums, and the sums of their products as an upper triangle. */
  readonly sums?: readonly Quantity[];
  readonly products?: readonly Quantity[];
  /** Of several columns: their means, and the sums of products of differences from them as an upper triangle. */
  readonly means?: readonly number[];
  readonly coMoments?: readonly number[];
  /** True where an outcome that is to be 0 or 1 has another value. */
  readonly otherOutcomes?: true;
  /** Of a round: the log-likelihood at its coefficients, its gradient, and minus its second derivatives as an upper triangle. */
  readonly logLikelihood?: number;
  readonly gradient?: readonly number[];
  readonly information?: readonly number[];
  /** Of a round: the sum of the squares of its weights; it does not leave the provider. */
  readonly squaredWeights?: number;
  /** Of the values of one column, by size. */
  readonly spans?: readonly Span[];
  /** The smallest or largest value; absent where there are no rows. */
  readonly extreme?: Quantity;
}

/** What a finished figure says besides its value. */
export interface FinishedAs {
  /** The value of `bin` that the group has. */
  readonly bin?: Cell | undefined;
  readonly bins?: Bins | undefined;
  readonly quantiles?: readonly number[] | undefined;
  /** The round that the state is of; absent for the first pass over the rows. */
  readonly fit?: Fit | undefined;
  /** What the columns are called, in their order. */
  readonly columns: readonly string[];
  /** Where the figure is of one group among others, as in ` of Geslacht M`; for errors. */
  readonly group: string;
}

/** A value of a result. */
export type Cell = string | number | boolean | null;

/**
 * One algorithm of the step `sql-algorithm`. It is computed as a partial state in SQL, merged and finished in
 * TypeScript: one provider's own answer is the merge of one, so there is no second way to compute it.
 */
export interface Algorithm {
  readonly name: string;
  /** What its columns must be; `optional` counts non-null values where one is given. */
  readonly column: 'numeric' | 'any' | 'optional';
  /** True where it computes with several columns at once. */
  readonly several?: true;
  /** True where the figure is one row's own value. */
  readonly extreme?: true;
  /**
   * SQL aggregates, in the order that `read` gets their values in; the first counts the rows that have a value. Texts are
   * cast so that no digit is lost. Where there are several columns, every row that is aggregated has all of them.
   */
  aggregates(columns: readonly ColumnExpression[]): readonly string[];
  /** An SQL expression that each group is divided by, such as the bar of a histogram. */
  bin?(column: ColumnExpression, bins: Bins | undefined): string;
  /**
   * An SQL expression that the rows of a group are counted by, where that is the state: its value, rows and persons are what
   * `read` gets, and `fold` makes one state of them.
   */
  bucket?(column: ColumnExpression): string;
  fold?(states: readonly PartialState[]): PartialState;
  /**
   * Where one pass over the rows is not enough: the statement of a round over `from`, which gives `false` and then what `read`
   * gets. Such an algorithm has one group.
   */
  select?(columns: readonly ColumnExpression[], from: string, fit: Fit): string;
  /** What the round after a merged state computes with; `undefined` where the state can be finished. Throws `no-fit`. */
  next?(state: PartialState, asked: FinishedAs): Fit | undefined;
  /** What of a state may leave where at least `minimum` persons have to be behind each of its parts. */
  conceal?(state: PartialState, minimum: number): PartialState;
  read(values: readonly Cell[], fit?: Fit): PartialState;
  /** Whether a state that another party sent is one of this algorithm, over so many columns; what it says may still be wrong. */
  isSound?(state: PartialState, columns: number, fit?: Fit): boolean;
  merge(left: PartialState, right: PartialState): PartialState;
  /** The rows of the result that the group has: the names and values of the columns that follow the groups. */
  finish(state: PartialState, asked: FinishedAs): readonly Readonly<Record<string, Cell>>[];
}
