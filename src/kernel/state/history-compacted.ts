import { StarlingError } from '../errors/index.js';

/** `history-compacted`: the changes of `revision` are asked for, and `oldest` is the first whose changes are kept. */
export function historyCompacted(revision: number, oldest: number): StarlingError {
  return new StarlingError(
    'history-compacted',
    `The changes of revision ${revision} are no longer kept; the oldest kept is ${oldest}. List the keys, and watch from the revision after that of the page.`,
    { details: { compactedRevision: oldest, requestedRevision: revision } },
  );
}
