import type { ErrorRecord } from '../../../kernel/errors/index.js';
import type { ProviderDecision } from '../approve/index.js';
import type { ComposedStep, Composition } from '../compose/index.js';
import type { Graph } from '../graphs/index.js';
import type { NormalRequest } from '../model/index.js';
import type { Placement } from '../place/index.js';
import type { Phase } from '../runs/index.js';
import type { AnswerTable, Cell } from '../steps/index.js';

/** How far a request has come. `refused`, `failed`, `cancelled` and `answered` are final. */
export type RequestState = 'running' | 'answered' | 'refused' | 'failed' | 'cancelled';

/** One execution of a chain, as it went. Times in milliseconds since 1970, durations in milliseconds. */
export interface RunRecord {
  readonly party: string;
  readonly place: 'dataProvider' | 'computeProvider';
  /** The archetype of the part that it ran for. */
  readonly archetype: string;
  readonly steps: readonly ComposedStep[];
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  readonly endedAt?: number;
  /** How long it waited for a free process. */
  readonly waitedMs?: number;
  readonly phases: readonly Phase[];
  /** The statement that ran, as its provider shows it; keys are left out. */
  readonly statement?: string;
  /** Set where a `JOIN` without a condition was taken as a cross join. */
  readonly crossJoined?: true;
  /** Columns that were read, as `Table.column`. */
  readonly read: readonly string[];
  readonly error?: ErrorRecord;
}

/** Something that crossed a party's border. */
export interface Crossing {
  readonly from: string;
  /** A party, or `requester`. */
  readonly to: string;
  readonly what: 'answer' | 'partials' | 'rows';
  readonly rows: number;
  readonly bytes: number;
}

/** A provider whose data are not in an answer, since it failed while it ran. */
export interface AbsentProvider {
  readonly provider: string;
  readonly error: ErrorRecord;
}

/** What one party, or several together, answered. */
export interface Result {
  /** The providers whose data are in it. */
  readonly providers: readonly string[];
  /** The party that computed it. */
  readonly computedAt: string;
  /** The archetype under which it came about; absent in results that older versions stored. */
  readonly archetype?: string;
  /** Present where the answer is partial: those whose data should be in it and are not. */
  readonly absent?: readonly AbsentProvider[];
  /** Figures; absent where rows were released. */
  readonly table?: AnswerTable;
  /** Figures by the names that the data set declares for them, such as `avg_salary_scale_men`. */
  readonly named?: Readonly<Record<string, Cell>>;
  /** A Vega-Lite specification of the figures, where the request asked for one. */
  readonly graph?: Graph;
  /** Released rows, kept in a file of their own. */
  readonly rows?: { readonly columns: readonly string[]; readonly rows: number; readonly bytes: number };
  /** Why there is no answer of these providers. */
  readonly error?: ErrorRecord;
}

/**
 * Something that happened to a request; `sequence` counts from 1 without gaps, but for a last event that another gateway wrote
 * in place of one that is gone.
 */
export interface RequestEvent {
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type:
    | 'received'
    | 'approved'
    | 'refused'
    | 'placed'
    | 'run-started'
    | 'run-progress'
    | 'run-done'
    | 'run-failed'
    | 'answered'
    | 'failed'
    | 'cancelled';
  readonly party?: string;
  /** What happened, for people. */
  readonly message: string;
}

/** The decision record of one request, and what came of it. Plain JSON data, kept in state. */
export interface RequestRecord {
  readonly id: string;
  /** The job that it made or follows up; none where it was refused. */
  readonly job?: string;
  /** By which composition of its job it runs, from 1 on; absent where it has none. */
  readonly jobRevision?: number;
  readonly followUp: boolean;
  readonly state: RequestState;
  readonly user: NormalRequest['user'];
  readonly question: NormalRequest;
  readonly receivedAt: number;
  readonly endedAt?: number;
  readonly decisions: readonly ProviderDecision[];
  readonly placement?: Placement;
  readonly composition?: Composition;
  readonly runs: readonly RunRecord[];
  readonly crossings: readonly Crossing[];
  /** What was answered; emptied when the answer is no longer kept. */
  readonly results: readonly Result[];
  /** Until when the answer is kept; absent where there is none. */
  readonly keptUntil?: number;
  /** True once the answer was removed. */
  readonly answerGone?: boolean;
  /** When the answer was erased before its time, and who asked for it; the person is absent in open mode. */
  readonly erased?: { readonly at: number; readonly by?: string };
  /** Why it was refused or failed as a whole. */
  readonly error?: ErrorRecord;
  readonly events: readonly RequestEvent[];
}

/** What a request would come to, without running it. */
export interface DryRun {
  readonly question: NormalRequest;
  readonly decisions: readonly ProviderDecision[];
  readonly placement?: Placement;
  readonly composition?: Composition;
  /** Why it would be refused. */
  readonly error?: ErrorRecord;
}

/** The record of a request that begins: nothing is decided yet. */
export function begunRecord(
  id: string,
  { question, followUp, receivedAt }: Pick<RequestRecord, 'question' | 'followUp' | 'receivedAt'>,
): RequestRecord {
  return {
    ...{ id, followUp, question, receivedAt },
    state: 'running',
    user: question.user,
    decisions: [],
    runs: [],
    crossings: [],
    results: [],
    events: [],
  };
}
