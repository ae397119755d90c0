import type { Fit } from '../model/fit.js';
import type { PartialRow } from './aggregate.js';
import type { Bins } from './algorithms/index.js';
import type { Withheld } from './suppress.js';

/** What a provider releases for a merge: partial states, never rows. Plain JSON. */
export interface Partials {
  readonly algorithm: string;
  /** Names of the group columns, without the bin. */
  readonly groups: readonly string[];
  readonly bins?: Bins;
  readonly quantiles?: readonly number[];
  /** Names of the columns that the algorithm computes with, where it computes with several. */
  readonly columns?: readonly string[];
  /** The round that the states are of; absent for the first pass over the rows. */
  readonly fit?: Fit;
  readonly rows: readonly PartialRow[];
  readonly withheld: Withheld;
}
