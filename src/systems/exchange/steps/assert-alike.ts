import { isDeepStrictEqual } from 'node:util';
import { StarlingError } from '../../../kernel/errors/index.js';
import { algorithms } from './algorithms/index.js';
import type { Partials } from './partials.js';

/**
 * Throws `input-invalid` where partials are not for the same question, and the same round of it, as others that they are merged
 * with, or not states of its algorithm. What a provider sends is not believed to be sound: a wrong number of columns would
 * give wrong figures, and no error.
 */
export function assertAlike(partials: Partials, other: Partials): void {
  const { algorithm, groups, columns = [], fit } = partials;
  const known = algorithms.get(algorithm);
  const same = (['algorithm', 'groups', 'bins', 'quantiles', 'columns', 'fit'] as const).every((member) =>
    isDeepStrictEqual(partials[member], other[member]),
  );
  const sound = partials.rows.every(
    ({ group, state }) =>
      (group.length === groups.length || (known?.bin !== undefined && group.length === groups.length + 1)) &&
      known?.isSound?.(state, columns.length, fit) !== false,
  );
  if (known !== undefined && same && sound) return;
  throw new StarlingError(
    'input-invalid',
    `What a provider released is no partial result of ${algorithm} that can be merged with the others'. Nothing is computed of it; ask the providers one by one, and tell the operator of the one that fails.`,
    { details: { algorithm } },
  );
}
