import { setImmediate } from 'node:timers/promises';
import { measureLabels } from '../../model/index.js';
import { foldedName } from '../../sql-text/index.js';
import { decodeFingerprint, type FigureFingerprint, hashedTogether } from '../../steps/index.js';
import type { ReleasedRun } from './asked-release.js';
import { type Figure, folded, tellsOfFew } from './differencing.js';
import type { KeptFigure } from './kept-releases.js';

/** So many of the newest figures are taken two at a time, and so many twos at most for one answer. */
const pairsOf = 300;
const mostPairs = 1_000_000;

/** Fingerprints that are compared with one another, of every figure one. */
export interface Space {
  readonly of: string;
  readonly form: string;
  fingerprint(figure: FigureFingerprint): string | undefined;
}

/** Persons are held against persons, and the values of each measure, and of all of them together, against those of the same. */
export function spacesOf(
  { algorithm }: ReleasedRun,
  personsForm: string,
  valuesForms: readonly string[],
): Space[] {
  const measures = hashedTogether(measureLabels(algorithm ?? {}).map(foldedName));
  const values = valuesForms.map((form, position): Space => {
    const of = `values of ${(measures[position] ?? []).join(', ')}`;
    return { of, form, fingerprint: (figure) => figure.values[position] };
  });
  return [{ of: 'persons', form: personsForm, fingerprint: (figure) => figure.persons }, ...values];
}

/** The figures of a release to compare, each once. */
export function keptFigures(
  figures: readonly FigureFingerprint[],
  { of, form, ...space }: Space,
): KeptFigure[] {
  const released = new Map<string, KeptFigure>();
  for (const figure of figures) {
    const fingerprint = space.fingerprint(figure);
    if (fingerprint === undefined) continue;
    released.set(fingerprint, { of, form, fingerprint, ...(figure.small ? { small: true } : {}) });
  }
  return [...released.values()];
}

/** Whether figures tell of 1 to `minimum` − 1 persons beside those that were kept, and beside one another. */
export async function tellTogether(
  fresh: readonly KeptFigure[],
  kept: readonly KeptFigure[],
  minimum: number,
): Promise<boolean> {
  const decoded = [...kept, ...fresh].map(
    ({ fingerprint, small }): Figure => ({
      fingerprint: decodeFingerprint(fingerprint),
      small: small === true,
    }),
  );
  // what was released under a smaller minimum has fewer buckets; all are compared over as many
  const buckets = Math.min(...decoded.map(({ fingerprint }) => fingerprint.length - 1));
  const figures = decoded.map((figure) => ({
    ...figure,
    fingerprint: folded(figure.fingerprint, buckets),
  }));
  const earlier = figures.slice(0, kept.length);
  const pairs = Math.min(pairsOf, Math.floor(Math.sqrt(mostPairs / Math.max(1, fresh.length))));
  for (let position = kept.length; position < figures.length; position += 1) {
    const next = figures[position];
    const beside = figures.slice(kept.length, position);
    if (next !== undefined && tellsOfFew(next, { earlier, beside, minimum, pairs })) return true;
    // comparing may take milliseconds for each figure, and others want to be answered meanwhile
    await setImmediate();
  }
  return false;
}
