import type { Problem } from '../../lab/report.js';
import { checkCalls } from './check-calls.js';
import { checkLocks } from './check-locks.js';
import { checkRevisions } from './check-revisions.js';
import { checkWatches, revisionsOfValues } from './check-watches.js';
import type { StateHistory } from './history.js';

/** Everything that is wrong with a history of the state; nothing where every promise was kept. */
export function checkHistory(history: StateHistory): Problem[] {
  return [
    ...history.surprises.map((text): Problem => ({ kind: 'wrong', text })),
    ...checkWatches(history),
    ...checkRevisions(history.calls),
    ...checkCalls(history.calls, revisionsOfValues(history)),
    ...checkLocks(history),
  ];
}
