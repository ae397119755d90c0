import type { ErrorRecord } from '../../../kernel/errors/index.js';
import type { Crossing, RequestState, RunRecord } from '../ask/request-record.js';
import type { NormalRequest } from '../model/index.js';
import type { Part } from '../place/index.js';

/** What one provider decided, and on what ground. */
export interface ProviderExplanation {
  readonly provider: string;
  readonly outcome: 'took part' | 'left out' | 'refused' | 'absent' | 'not placed';
  /** Whole sentences: the relation that allowed it, or each reason that it did not. */
  readonly because: readonly string[];
  readonly agreementRevision?: number;
  readonly minimumGroupSize?: number;
  /** Groups held back, where there were any. */
  readonly withheldGroups?: number;
}

/** Why a request came to its end: who asked, who decided what, what ran where, and what crossed a border. */
export interface Explanation {
  readonly request: string;
  readonly job?: string;
  readonly state: RequestState;
  readonly askedBy: NormalRequest['user'];
  /** ISO 8601, UTC. */
  readonly askedAt: string;
  readonly tookMs?: number;
  readonly question: {
    readonly requestType: string;
    readonly dataSet: string;
    readonly query: string;
    /** Whether the requester wrote the query; else it is the data set's own. */
    readonly queryGiven: boolean;
    readonly algorithm?: NormalRequest['algorithm'];
    readonly options: readonly string[];
  };
  readonly providers: readonly ProviderExplanation[];
  /** Every archetype that was considered, the chosen one first. */
  readonly archetypes: readonly {
    readonly name: string;
    readonly chosen: boolean;
    readonly because: readonly string[];
  }[];
  /** Who answered under which archetype, and who computed; more than one only under mixed archetypes. */
  readonly parts: readonly Part[];
  readonly chains: readonly RunRecord[];
  readonly crossings: readonly Crossing[];
  readonly notes: readonly string[];
  readonly error?: ErrorRecord;
}
