import { contentHash } from '../../../../kernel/identity/index.js';
import type { CombineOrder, QueryOrder } from '../../runs/index.js';

/** An order that an agent has verified, with whom its answer goes to. */
export interface AskedRelease<Run extends ReleasedRun = ReleasedRun> {
  /** The id of the person who asks. */
  readonly requester: string;
  readonly dataSet: string;
  readonly run: Run;
}

/** A run whose figures go to a requester: over the party's own data, or over rows that providers sent. */
export type ReleasedRun = QueryOrder | CombineOrder;

/** What makes two questions the same: all that decides on the figures, and nothing else. */
export function questionOf({ requester, dataSet, run }: AskedRelease): string {
  if (run.kind === 'combine') {
    const { sources, limits: _limits, releases: _releases, ...rest } = run;
    // the rows stand for the statement and the import that they came of
    const data = sources.map(({ party, hash }) => ({ party, hash }));
    return contentHash({ requester, dataSet, ...rest, sources: data });
  }
  // the rounds of a fit are one answer
  const { limits: _limits, anonymize, releases: _releases, fit: _fit, step, ...rest } = run;
  // a foreign step may answer otherwise the next time: what it gave is part of the question
  const through = step && { ...step, key: undefined, cameBack: step.cameBack?.hash };
  return contentHash({ requester, dataSet, ...rest, rules: anonymize?.rules, step: through });
}
