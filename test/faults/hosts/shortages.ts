import type { Life, Period, Wanted } from './history.js';

/** When fewer slots were worked on than were wanted, until `end`; `wanted` is in the order of time. */
export function shortages(lives: readonly Life[], wanted: readonly Wanted[], end: number): Period[] {
  const first = wanted[0];
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

/** The longest of them that a fault of each kind falls into or overlaps, in milliseconds; 0 where there is none. */
export function longestShortages(
  faults: readonly (Period & { readonly kind: string })[],
  short: readonly Period[],
): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  for (const fault of faults) {
    const around = short.filter(({ from, to }) => from <= fault.to && to >= fault.from);
    const most = Math.max(longest.get(fault.kind) ?? 0, ...around.map(({ from, to }) => to - from));
    longest.set(fault.kind, most);
  }
  return longest;
}
