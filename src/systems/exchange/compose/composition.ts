import type { OutputRule } from '../approve/index.js';
import type { ColumnsByTable, Limits, Release } from '../model/index.js';
import type { Part } from '../place/index.js';

/** How a step runs: over all its rows at once, to figures that can be merged, or merging such figures. */
export type StepMode = 'whole' | 'partial' | 'merge';

export interface ComposedStep {
  readonly step: string;
  readonly mode: StepMode;
}

interface AnyChain {
  readonly party: string;
  /** The archetype of the part that it belongs to. */
  readonly archetype: string;
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
  /** Who takes what it releases; absent where that is the requester. */
  readonly computeProvider?: string;
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

/** The compute provider that takes what a chain releases; `undefined` where that is the requester. */
export function takerOf(chain: Chain): string | undefined {
  return chain.place === 'dataProvider' ? chain.computeProvider : undefined;
}

/** All chains of a job, placed on parties. Plain JSON data. */
export interface Composition {
  readonly requestType: string;
  readonly dataSet: string;
  /** More than one only where providers answer under different archetypes. */
  readonly parts: readonly Part[];
  /** The steps that the request itself asked for, sorted; a follow-up asks for the same. */
  readonly askedSteps: readonly string[];
  /** The chains of the data providers, sorted by party; then those of the compute providers, in the order of the parts. */
  readonly chains: readonly Chain[];
  /** What a person should know about it, in whole sentences. */
  readonly notes: readonly string[];
}

/** The chains of one part: those of its data providers, and that of its compute provider where it has one. */
export interface PartChains {
  readonly providers: readonly DataProviderChain[];
  readonly compute?: ComputeProviderChain;
}

/** Finds the chains of a part. */
export function chainsOf(part: Part, chains: readonly Chain[]): PartChains {
  const { archetype, computeProvider } = part;
  const own = chains.filter((chain) => chain.archetype === archetype);
  const compute = own
    .filter((chain) => chain.place === 'computeProvider')
    .find(({ party }) => party === computeProvider);
  const providers = own
    .filter((chain) => chain.place === 'dataProvider')
    .filter(({ party }) => part.providers.includes(party));
  return { providers, ...(compute === undefined ? {} : { compute }) };
}
