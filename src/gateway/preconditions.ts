import { StarlingError } from '../kernel/errors/index.js';

/** A revision as an entity tag (RFC 9110, section 8.8.3). */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/** The headers that make a write depend on what is there. */
export interface Preconditions {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/**
 * The revision that a write depends on; 0 where there must be nothing yet, `undefined` where it depends on nothing.
 * `current` is the revision that is there, for `If-Match: *`. Throws `input-invalid` for a condition of another form, and
 * `revision-conflict` where something must be there and is not.
 */
export function expectedRevision(headers: Preconditions, current: number | undefined): number | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && noneMatch !== undefined) {
    throw new StarlingError(
      'input-invalid',
      'If-Match and If-None-Match contradict each other. Leave one out.',
    );
  }
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return 0;
    throw new StarlingError(
      'input-invalid',
      'If-None-Match can only be *: write where there is nothing yet.',
    );
  }
  if (match === undefined) return undefined;
  if (match.trim() === '*') {
    if (current !== undefined) return current;
    throw new StarlingError(
      'revision-conflict',
      'If-Match: * asks for something to be there, and there is nothing.',
    );
  }
  const revision = /^"?(\d{1,15})"?$/.exec(match.trim())?.[1];
  if (revision !== undefined && Number(revision) > 0) return Number(revision);
  throw new StarlingError(
    'input-invalid',
    'If-Match takes the ETag that the object was read with, as in "12", or *. Read the object for its ETag.',
  );
}
