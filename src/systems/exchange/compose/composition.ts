import type { OutputRule } from '../approve/index.js';
import type { ColumnsByTable, Limits, Release } from '../model/index.js';

/** How a step runs: over all its rows at once, to figures that can be merged, or merging such figures. */
export type StepMode = 'whole' | 'partial' | 'merge';

export interface ComposedStep {
  readonly step: string;
  readonly mode: StepMode;
}

interface AnyChain {
  readonly party: string;
  /** In the order in which they run. */
  readonly steps: readonly ComposedStep[];
  readonly releases: Release;
  /** The parties whose release comes in, sorted. */
  readonly receivesFrom: readonly string[];
  readonly output: OutputRule;
  /** The strictest of the agreement's limits and the request's. */
  readonly limits: Readonly<Limits>;
}

/** What runs next to one provider's data. */
export interface DataProviderChain extends AnyChain {
  readonly place: 'dataProvider';
  /** The columns that its statement may read. */
  readonly columns: Readonly<ColumnsByTable>;
  readonly agreementRevision: number;
  /** What its agreement was when it was composed, or checked again. */
  readonly agreementHash: string;
}

/** What runs at the third party. */
export interface ComputeProviderChain extends AnyChain {
  readonly place: 'computeProvider';
  /** What comes in from each provider. */
  readonly receives: Release;
}

export type Chain = DataProviderChain | ComputeProviderChain;

/** All chains of a job, placed on parties. Plain JSON data. */
export interface Composition {
  readonly requestType: string;
  readonly dataSet: string;
  readonly archetype: string;
  readonly computeProvider?: string;
  /** The steps that the request itself asked for, sorted; a follow-up asks for the same. */
  readonly askedSteps: readonly string[];
  /** The chains of the data providers, sorted by party; then that of the compute provider, where there is one. */
  readonly chains: readonly Chain[];
  /** What a person should know about it, in whole sentences. */
  readonly notes: readonly string[];
}
