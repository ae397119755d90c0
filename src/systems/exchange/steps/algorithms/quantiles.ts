import { DDSketch } from '@datadog/sketches-js';
import { quoteNumber } from '../sql.js';
import type { Algorithm, Cell, PartialState, Span } from './algorithm.js';

/** How far a bucket's value is from those in it at most, relative to them. */
export const relativeAccuracy = 0.005;

const { mapping } = new DDSketch({ relativeAccuracy });
/** Buckets per doubling, computed as the library does. */
const multiplier = (1 / Math.log1p((2 * relativeAccuracy) / (1 - relativeAccuracy))) * Math.log(2);
/** Added to the library's index of a magnitude, so that buckets are whole numbers in the order of their values: 0 is zero. */
const offset = 100_000;
/** Points that a span's rows are spread over at most, to interpolate between its bounds. */
const mostPoints = 64;

/**
 * Quantiles, from the buckets of DDSketch (Masson, Rim and Lee 2019, "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees"): a value is known to half a percent, and sketches of several providers merge without loss.
 *
 * Before a state leaves, buckets are joined to spans of enough persons, and the bounds that are nearly the smallest and
 * largest value are left out. A quantile is told with the bounds of where it lies, and has no value where one of them is not
 * told.
 */
export const quantiles: Algorithm = {
  name: 'quantiles',
  column: 'numeric',
  aggregates: () => [],
  bucket: ({ sql }) => {
    const value = `CAST(${sql} AS DOUBLE)`;
    const least = quoteNumber(mapping.minPossible);
    const index = `CAST(ceil(log2(greatest(abs(${value}), ${least})) * ${quoteNumber(multiplier)}) AS INTEGER) + ${offset}`;
    return `CASE WHEN ${value} > ${least} THEN ${index} WHEN ${value} < -${least} THEN -(${index}) ELSE 0 END`;
  },
  read: ([bucket, rows, persons]) => ({
    rows: Number(rows),
    spans: [
      {
        low: Number(bucket),
        high: Number(bucket),
        rows: Number(rows),
        ...(persons === null || persons === undefined ? {} : { persons: Number(persons) }),
      },
    ],
  }),
  isSound: ({ rows, spans = [] }) =>
    rows === spans.reduce((sum, span) => sum + span.rows, 0) && spans.every(isSpan),
  merge: (left, right) => joined([left, right]),
  fold: joined,
  conceal,
  finish: (state, { quantiles: asked = [] }) => {
    const read = readerOf(state.spans ?? []);
    return asked.map((quantile) => ({ quantile, ...read(quantile), rows: state.rows }));
  },
};

/** Numbers of the buckets that a double can be in, smallest and largest magnitude. */
const buckets = {
  least: offset + Math.ceil(Math.log2(mapping.minPossible) * multiplier),
  most: offset + Math.ceil(Math.log2(Number.MAX_VALUE) * multiplier),
};

function isSpan({ low, high }: Span): boolean {
  const exists = (bucket: number | null) =>
    bucket === null ||
    bucket === 0 ||
    (Math.abs(bucket) >= buckets.least && Math.abs(bucket) <= buckets.most);
  return exists(low) && exists(high) && (low === null || high === null || low <= high);
}

function joined(states: readonly PartialState[]): PartialState {
  return {
    rows: states.reduce((sum, { rows }) => sum + rows, 0),
    spans: states.flatMap(({ spans = [] }) => spans).sort((one, other) => lowOf(one) - lowOf(other)),
  };
}

/**
 * Joins buckets, from the lowest on, to spans of at least `minimum` persons. A person with several values counts in the
 * lowest bucket alone, so that no span has fewer than it seems. A span of one bucket has as many persons who share a value
 * as a bar of a histogram would; of others at the ends, the outer bound would be nearly one person's value, and is left out.
 */
function conceal(state: PartialState, minimum: number): PartialState {
  const spans: Span[] = [];
  let current: Span | undefined;
  for (const span of state.spans ?? []) {
    current = current === undefined ? span : united(current, span);
    if (minimum > 1 && (current.persons ?? 0) < minimum) continue;
    spans.push(current);
    current = undefined;
  }
  if (current !== undefined) {
    const last = spans.pop();
    spans.push(last === undefined ? current : united(last, current));
  }
  const told = spans.map(({ low, high, rows }, at): Span => {
    const wide = minimum > 1 && low !== high;
    return {
      low: wide && at === 0 ? null : low,
      high: wide && at === spans.length - 1 ? null : high,
      rows,
    };
  });
  return { ...state, spans: told };
}

function united(one: Span, other: Span): Span {
  return {
    low: one.low,
    high: other.high,
    rows: one.rows + other.rows,
    persons: (one.persons ?? 0) + (other.persons ?? 0),
  };
}

/** Rows that have, or are taken to have, one value. */
interface Point {
  readonly value: number;
  readonly rows: number;
}

/**
 * Reads quantiles: where all rows were at the lower bounds of their spans, at the upper ones, and spread between them. The
 * quantile itself lies between the first two, whatever the values in the spans are. The library's own stores are lists
 * without gaps, which a single value far from the others makes too long; its mapping is all that is needed here.
 */
function readerOf(spans: readonly Span[]): (quantile: number) => Readonly<Record<string, Cell>> {
  const lows: Point[] = [];
  const highs: Point[] = [];
  const between: Point[] = [];
  for (const { low, high, rows } of spans) {
    const from = low === null ? Number.NEGATIVE_INFINITY : bucketValue(low);
    const to = high === null ? Number.POSITIVE_INFINITY : bucketValue(high);
    lows.push({ value: from, rows });
    highs.push({ value: to, rows });
    const points = Number.isFinite(to - from) ? Math.min(rows, mostPoints) : 1;
    for (let point = 0; point < points; point += 1) {
      const value = points === 1 ? from : from + ((point + 0.5) / points) * (to - from);
      between.push({ value, rows: rows / points });
    }
  }
  for (const points of [lows, highs, between]) points.sort((one, other) => one.value - other.value);
  const last = spans.reduce((sum, { rows }) => sum + rows, 0) - 1;
  return (quantile) => {
    const rank = Math.floor(quantile * last);
    const [from, to] = [atRank(lows, rank), atRank(highs, rank)];
    const told = Number.isFinite(from) && Number.isFinite(to);
    return {
      value: told ? Math.min(Math.max(atRank(between, rank), from), to) : null,
      from: Number.isFinite(from) ? from : null,
      to: Number.isFinite(to) ? to : null,
    };
  };
}

/** The value of the row at a rank, counted from 0, among points by size. */
function atRank(points: readonly Point[], rank: number): number {
  let before = 0;
  for (const { value, rows } of points) {
    before += rows;
    if (before > rank) return value;
  }
  return points.at(-1)?.value ?? Number.NaN;
}

/** The value that stands for a bucket. */
function bucketValue(bucket: number): number {
  if (bucket === 0) return 0;
  return Math.sign(bucket) * mapping.value(Math.abs(bucket) - offset);
}

function lowOf({ low }: Span): number {
  return low ?? Number.NEGATIVE_INFINITY;
}
