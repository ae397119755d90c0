import type { Fingerprint } from '../../steps/index.js';

/** A released figure, as it is compared with others. */
export interface Figure {
  readonly fingerprint: Fingerprint;
  /** True where it left only to be merged with others', since few persons are behind it. */
  readonly small: boolean;
}

/** What a new figure is held against. */
export interface Ground {
  /** Figures that the requester has, the newest last. */
  readonly earlier: readonly Figure[];
  /** Figures of the same answer: whether they may stand side by side was decided on exact counts. */
  readonly beside: readonly Figure[];
  readonly minimum: number;
  /** So many of the newest earlier figures are taken two at a time. */
  readonly pairs: number;
}

const nothing: Fingerprint = new Uint32Array();
type Signs = readonly [number, number];
const alone: Signs = [-1, 0];
/** The ways in which one of three figures can be the sum, or the difference, of the others. */
const together: readonly Signs[] = [
  [-1, -1],
  [-1, 1],
  [1, -1],
];

/**
 * Whether a new figure and an earlier one, or two others of which one is earlier, differ by 1 to `minimum` − 1 persons.
 * Buckets that differ are counted: they are different persons, so that it never says no where it should say yes.
 *
 * A small difference is let pass in two cases that tell nothing new: where it is itself a figure that the requester has,
 * and where the figures have no person in common, so that nothing cancels out.
 */
export function tellsOfFew(next: Figure, { earlier, beside, minimum, pairs }: Ground): boolean {
  const released = (difference: Fingerprint) =>
    [...earlier, ...beside].some((figure) => !figure.small && isMultiple(difference, figure.fingerprint));
  const few = (one: Figure, other: Figure | undefined, signs: Signs): boolean => {
    const second = other?.fingerprint ?? nothing;
    const count = differing(next.fingerprint, one.fingerprint, second, signs, minimum);
    if (count === 0 || count >= minimum) return false;
    const all = other === undefined ? [next, one] : [next, one, other];
    if (count === all.reduce((sum, figure) => sum + support(figure.fingerprint), 0)) return false;
    const difference = combined(next.fingerprint, one.fingerprint, second, signs);
    return !released(difference);
  };
  if (earlier.some((one) => few(one, undefined, alone))) return true;
  const near = pairs > 0 ? earlier.slice(-pairs) : [];
  const own = pairs > 0 ? beside.slice(-pairs) : [];
  return near.some((one, position) =>
    [...near.slice(position + 1), ...own].some((other) => together.some((signs) => few(one, other, signs))),
  );
}

/** The same persons over fewer buckets: those that would fall together are added. */
export function folded(fingerprint: Fingerprint, buckets: number): Fingerprint {
  const own = fingerprint.length - 1;
  if (own === buckets) return fingerprint;
  const sum = new Uint32Array(buckets + 1);
  for (let bucket = 0; bucket < own; bucket += 1) {
    const into = bucket % buckets;
    sum[into] = (sum[into] ?? 0) + (fingerprint[bucket] ?? 0);
  }
  sum[buckets] = fingerprint[own] ?? 0;
  return sum;
}

/**
 * Buckets in which `next + signs[0]·one + signs[1]·other` is not zero, counted up to `enough`; 1 where only rows that are
 * of nobody differ.
 */
function differing(
  next: Fingerprint,
  one: Fingerprint,
  other: Fingerprint,
  [sign, otherSign]: Signs,
  enough: number,
): number {
  const buckets = next.length - 1;
  let count = 0;
  for (let bucket = 0; bucket < buckets && count < enough; bucket += 1) {
    const rest = (next[bucket] ?? 0) + sign * (one[bucket] ?? 0) + otherSign * (other[bucket] ?? 0);
    if ((rest | 0) !== 0) count += 1;
  }
  if (count > 0) return count;
  const ofNobody = (next[buckets] ?? 0) + sign * (one[buckets] ?? 0) + otherSign * (other[buckets] ?? 0);
  return (ofNobody | 0) === 0 ? 0 : 1;
}

function combined(
  next: Fingerprint,
  one: Fingerprint,
  other: Fingerprint,
  [sign, otherSign]: Signs,
): Fingerprint {
  return next.map((number, bucket) => number + sign * (one[bucket] ?? 0) + otherSign * (other[bucket] ?? 0));
}

/** Buckets that hold somebody. */
function support(fingerprint: Fingerprint): number {
  return fingerprint.subarray(0, -1).reduce((count, number) => (number === 0 ? count : count + 1), 0);
}

/** Once or twice, added or taken away: as often as a figure can be among three. */
function isMultiple(difference: Fingerprint, figure: Fingerprint): boolean {
  return [1, -1, 2, -2].some((times) =>
    difference.every((number, bucket) => ((number - times * (figure[bucket] ?? 0)) | 0) === 0),
  );
}
