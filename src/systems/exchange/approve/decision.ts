import type { ColumnsByTable, Limits, OutputForm } from '../model/index.js';

/** Why a provider refuses; a closed set, so that a client can branch on it. */
export type RefusalCode =
  | 'not-a-data-provider'
  | 'data-set-not-offered'
  | 'no-agreement'
  | 'user-denied'
  /** The gateway's own rule. */
  | 'user-removed'
  | 'no-relation'
  | 'not-yet-valid'
  | 'expired'
  | 'request-type'
  | 'data-set-not-allowed'
  | 'columns'
  | 'archetype'
  | 'compute-provider'
  | 'output-form'
  | 'extremes'
  | 'foreign-step'
  /** No decision was made on it, though one is needed. */
  | 'not-asked';

/** One reason, as a whole sentence or two: what is not allowed, to whom, and what to do. */
export interface Reason {
  readonly code: RefusalCode;
  readonly message: string;
}

/** What may leave, with nothing left out. */
export interface OutputRule {
  readonly form: OutputForm;
  /** The fewest persons that a released group may have. */
  readonly minimumGroupSize: number;
  /** Whether min and max may leave. */
  readonly extremes: boolean;
  /** Set where a compute provider may get small groups, to merge them with others' before any of it is released. */
  readonly smallGroupsAtComputeProvider?: true;
  /** Set where rows may go to a compute provider, which releases only what `form` says. */
  readonly rowsAtComputeProvider?: true;
}

/** What one provider's agreement allows for one request. */
export interface Approval {
  readonly provider: string;
  readonly approved: true;
  /** The id of the person who asks. */
  readonly user: string;
  /** The party that the person belongs to, where the agreement says so. */
  readonly home?: string;
  /** The revision of the agreement that this rests on. */
  readonly agreementRevision: number;
  /** `agreementHash` of it, by which its provider's agent knows it. */
  readonly agreementHash: string;
  /** Sorted; only archetypes that are known. */
  readonly archetypes: readonly string[];
  /** Sorted. */
  readonly computeProviders: readonly string[];
  readonly output: OutputRule;
  /** Sorted. */
  readonly requiredSteps: readonly string[];
  readonly columns: Readonly<ColumnsByTable>;
  readonly limits: Readonly<Limits>;
}

/** Every reason why one provider does not take part in one request. */
export interface Refusal {
  readonly provider: string;
  readonly approved: false;
  readonly reasons: readonly Reason[];
}

export type ProviderDecision = Approval | Refusal;
