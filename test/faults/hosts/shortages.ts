import type { Life, Period, Setting } from './history.js';

/**
 * When fewer slots were worked on than were wanted, until `end`. From when another number was asked for until that was acknowledged
 * the lower of the two is wanted.
 */
export function shortages(lives: readonly Life[], scales: readonly Setting<number>[], end: number): Period[] {
  const wanted = scales.flatMap(({ value, from, to }, index) => {
    const before = scales[index - 1]?.value;
    return [
      ...(before === undefined ? [] : [{ at: from, count: Math.min(before, value) }]),
      { at: to, count: value },
    ];
  });
  const [first] = wanted;
  if (first === undefined) return [];
  const moments = [
    ...wanted.map(({ at }) => at),
    ...lives.flatMap(({ periods }) => periods.flatMap(({ from, to }) => [from, to])),
    end,
  ]
    .filter((at) => at >= first.at && at <= end)
    .sort((one, other) => one - other);
  const found: Period[] = [];
  for (const [index, from] of moments.entries()) {
    const to = moments[index + 1] ?? end;
    if (to === from) continue;
    const count = wanted.findLast(({ at }) => at <= from)?.count ?? 0;
    const working = lives.filter(({ periods }) => periods.some((one) => one.from <= from && one.to > from));
    if (new Set(working.map(({ slot }) => slot)).size >= count) continue;
    const last = found.at(-1);
    if (last?.to === from) found[found.length - 1] = { from: last.from, to };
    else found.push({ from, to });
  }
  return found;
}

/** A fault, from its beginning until what was wanted was there again after it was healed. */
export interface Episode extends Period {
  readonly kind: string;
}

/** The longest shortages, in milliseconds. */
export interface LongestShortages {
  /** With a part in an episode of each kind; 0 where there is none. */
  readonly byKind: ReadonlyMap<string, number>;
  /** With no part in any: what a new instance takes to begin. */
  readonly withoutFaultMs: number;
}

/** The longest shortages of each kind of fault; episodes do not overlap. */
export function longestShortages(episodes: readonly Episode[], short: readonly Period[]): LongestShortages {
  const byKind = new Map(episodes.map(({ kind }) => [kind, 0]));
  let withoutFaultMs = 0;
  for (const { from, to } of short) {
    const around = episodes.filter((episode) => from <= episode.to && to >= episode.from);
    for (const { kind } of around) byKind.set(kind, Math.max(byKind.get(kind) ?? 0, to - from));
    if (around.length === 0) withoutFaultMs = Math.max(withoutFaultMs, to - from);
  }
  return { byKind, withoutFaultMs };
}
