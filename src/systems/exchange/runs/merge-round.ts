import { isDeepStrictEqual } from 'node:util';
import { StarlingError } from '../../../kernel/errors/index.js';
import { finishPartials, mergePartials, nextRound } from '../steps/index.js';
import type { MergeOrder, RunReport } from './order.js';

/**
 * Merges what providers released, and finishes it; or says what the next round computes with, where it takes one. Throws
 * `input-invalid` where they released something else than was asked of them, and `no-fit` where no round would help.
 */
export function mergeRound({ partials, fit, minimumGroupSize }: MergeOrder): RunReport['result'] {
  const merged = mergePartials(partials, minimumGroupSize);
  if (!isDeepStrictEqual(merged.fit, fit))
    throw new StarlingError(
      'input-invalid',
      'The providers released partial results of another round than they were asked for. Nothing is computed of them; ask again.',
    );
  const next = nextRound(merged);
  return next === undefined
    ? { kind: 'answer', table: finishPartials(merged) }
    : { kind: 'round', fit: next };
}
