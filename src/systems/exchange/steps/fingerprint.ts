import { endianness } from 'node:os';

/**
 * What a release keeps of the persons behind one figure: as many numbers as there are buckets, then one for rows that are
 * of nobody. A bucket has, modulo 2³², the sum of a keyed hash over the rows of the persons who fall into it. So the sum of
 * two fingerprints is that of their rows together, and buckets that differ are different persons.
 */
export type Fingerprint = Uint32Array;

/** The fingerprints of one released figure: of its persons, and of its persons with their values. */
export interface FigureFingerprint {
  /** A `Fingerprint` as base64. */
  readonly persons: string;
  /** The same with each row's values, as `hashedTogether` puts measures together; empty where rows are counted. */
  readonly values: readonly string[];
  /** True where so few persons are behind it that it may only leave merged with others'. */
  readonly small?: true;
  /** The group that it is the figure of, by `groupKey`; absent for the total and for all groups together. */
  readonly group?: string;
  /** True for all released groups together, which nobody was shown as a figure, but can add up. */
  readonly together?: true;
}

/** The fingerprints of what one run released, and in what form they are. */
export interface ReleaseFingerprints {
  /** Fingerprints of persons can be compared where this is the same. */
  readonly personsForm: string;
  /** The same of values, in the order of the figures' `values`. */
  readonly valuesForms: readonly string[];
  /** Of each released group, the total, and all released groups together. */
  readonly figures: readonly FigureFingerprint[];
}

/** How a run makes fingerprints. */
export interface FingerprintRule {
  /** The party's own secret, 64 hexadecimal digits; with it a hash can be traced back to a person. */
  readonly key: string;
  /** A power of two. */
  readonly buckets: number;
}

/** Numbers of fingerprints that one answer may have in all. */
export const mostBuckets = 1_000_000;

/**
 * Buckets for a minimum group size: so many that persons seldom share one, which makes `minimum` persons look like fewer.
 */
export function bucketsFor(minimum: number): number {
  const wanted = Math.max(256, Math.min(16 * minimum, 4096), 4 * minimum);
  return 2 ** Math.ceil(Math.log2(wanted));
}

/** A fingerprint of no rows. */
export function emptyFingerprint(buckets: number): Fingerprint {
  return new Uint32Array(buckets + 1);
}

/** Adds the rows of `other` to `sum`, in place. */
export function addFingerprint(sum: Fingerprint, other: Fingerprint): void {
  for (let bucket = 0; bucket < sum.length; bucket += 1) {
    sum[bucket] = (sum[bucket] ?? 0) + (other[bucket] ?? 0);
  }
}

/** As base64 of the numbers, each in four bytes, the lowest first. */
export function encodeFingerprint(fingerprint: Fingerprint): string {
  return lowestFirst(Buffer.from(fingerprint.slice().buffer)).toString('base64');
}

/** What `encodeFingerprint` wrote. */
export function decodeFingerprint(text: string): Fingerprint {
  // an own buffer: a small one of Node's pool need not begin where numbers may
  const bytes = Uint8Array.from(lowestFirst(Buffer.from(text, 'base64')));
  return new Uint32Array(bytes.buffer);
}

/** The machine's own order of bytes turned round, in place, where it is the other one. */
function lowestFirst(bytes: Buffer): Buffer {
  return endianness() === 'LE' ? bytes : bytes.swap32();
}
