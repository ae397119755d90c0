import type { PartialRow } from './aggregate.js';
import type { Cell } from './algorithms/index.js';

/** What was held back from a release, and why; says no more than how many groups. */
export interface Withheld {
  readonly groups: number;
  /** True where a total was asked for and would have given a withheld group away. */
  readonly total: boolean;
  readonly minimumGroupSize: number;
}

/** Rows that may leave, and what was held back. */
export interface Release {
  readonly rows: readonly PartialRow[];
  readonly withheld: Withheld;
}

/**
 * Holds back every group of fewer than `minimum` persons and those of `withhold`, and a total beside which the withheld groups together would
 * show fewer than `minimum` persons by subtraction.
 *
 * @param units persons per group, by `groupKey`; a lower bound of `minimum` or more is as good as the exact number.
 * @param withheldUnits persons in all groups with too few, counted together; only looked at where there is a total.
 * @param withhold groups, by `groupKey`, that are held back whatever they have.
 */
export function suppress(
  rows: readonly PartialRow[],
  minimum: number,
  units: ReadonlyMap<string, number>,
  withheldUnits: number,
  withhold: ReadonlySet<string> = new Set(),
): Release {
  const parted = rows.filter((row) => !row.total);
  const alike = repeated(parted.map((row) => groupKey(row.group)));
  const parts = parted.filter((row) => {
    const key = groupKey(row.group);
    return !alike.has(key) && !withhold.has(key) && (units.get(key) ?? 0) >= minimum;
  });
  const groups = parted.length - parts.length;
  const totals = rows.filter((row) => row.total);
  const unknown = alike.size > 0 || withheldUnits < minimum;
  const hideTotal = totals.length > 0 && (groups > 0 || parts.length === 0) && unknown;
  return {
    rows: hideTotal ? parts : [...parts, ...totals],
    withheld: { groups, total: hideTotal, minimumGroupSize: minimum },
  };
}

/**
 * A release for a merge that may bring in small groups: those are added with how many persons they have, and so is the
 * total. What `withheld` says is what this party would withhold by itself.
 */
export function withSmallGroups(
  rows: readonly PartialRow[],
  release: Release,
  units: ReadonlyMap<string, number>,
): Release {
  const parts = release.rows.filter((row) => !row.total);
  const released = new Set(parts);
  const parted = rows.filter((row) => !row.total);
  const alike = repeated(parted.map((row) => groupKey(row.group)));
  const small = parted.flatMap((row) => {
    const key = groupKey(row.group);
    return released.has(row) || alike.has(key) ? [] : [{ ...row, persons: units.get(key) ?? 0 }];
  });
  return { ...release, rows: [...parts, ...small, ...rows.filter((row) => row.total)] };
}

/** Groups that read the same, such as times a microsecond apart: the persons of one could pass for the other's. */
function repeated(keys: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.has(key) || !seen.add(key)));
}

/** A group's values as one text, equal for equal groups. */
export function groupKey(group: readonly Cell[]): string {
  return JSON.stringify(group);
}

/** What several parties held back, together. */
export function addWithheld(all: readonly Withheld[]): Withheld {
  return {
    groups: all.reduce((sum, one) => sum + one.groups, 0),
    total: all.some((one) => one.total),
    minimumGroupSize: Math.max(1, ...all.map((one) => one.minimumGroupSize)),
  };
}
