import type { SigningKey } from '../../../../kernel/identity/index.js';
import { linkLimits } from '../wire/limits.js';

/** The key that one end proves itself with. */
export interface LinkKey {
  readonly key: SigningKey;
  /** The statements of the changes that led to it (`readKeyChanges`), for an end that has pinned an earlier one. */
  readonly changes: readonly string[];
}

/** As many changes as are shown. */
export function latest(changes: readonly string[]): readonly string[] {
  return changes.slice(-linkLimits.keyChanges);
}
