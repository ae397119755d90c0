/**
 * Entries that stand one behind the other, as they were read, with consecutive numbers. A log that nobody touched is one
 * run; whatever was taken out, put in or moved breaks it.
 */
export interface Run {
  readonly start: number;
  end: number;
  /** `previous` of its first entry and `hash` of its last; absent where that entry was changed and says nothing. */
  readonly previous: string | undefined;
  hash: string | undefined;
}

/** Numbers of entries, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What the breaks between runs tell. */
export interface RunFindings {
  readonly missing: readonly Span[];
  /** There more than once. */
  readonly surplus: readonly Span[];
  /** Not where they belong. */
  readonly reordered: readonly Span[];
  /** Their hash is not the one that the next entry carries. */
  readonly unlinked: readonly Span[];
  /** The greatest number there is; 0 where there is none. */
  readonly last: number;
}

/** Compares the runs, in the order in which they were read, with one run from 1 on. `root`: what the first entry is chained to. */
export function compareRuns(runs: readonly Run[], root: string): RunFindings {
  const missing: Span[] = [];
  const surplus: Span[] = [];
  const unlinked: Span[] = [];
  let last = 0;
  let hash: string | undefined = root;
  for (const run of [...runs].sort((one, other) => one.start - other.start)) {
    if (run.start > last + 1) missing.push({ from: last + 1, to: run.start - 1 });
    else if (run.start <= last) surplus.push({ from: run.start, to: Math.min(run.end, last) });
    else if (hash !== undefined && run.previous !== undefined && hash !== run.previous) {
      // the first entry has none before it that could be at fault
      unlinked.push({ from: Math.max(last, 1), to: Math.max(last, 1) });
    }
    if (run.end > last) {
      last = run.end;
      hash = run.hash;
    }
  }
  return { missing, surplus, unlinked, reordered: movedRuns(runs), last };
}

/** The runs that are left where as many entries as possible stay in place: the heaviest increasing sequence. */
function movedRuns(runs: readonly Run[]): readonly Span[] {
  const best: { weight: number; before: number }[] = [];
  let heaviest = -1;
  for (const [index, run] of runs.entries()) {
    let before = -1;
    let weight = 0;
    for (let other = 0; other < index; other += 1) {
      const candidate = best[other]?.weight ?? 0;
      if ((runs[other]?.start ?? 0) < run.start && candidate > weight) {
        before = other;
        weight = candidate;
      }
    }
    best.push({ weight: weight + run.end - run.start + 1, before });
    if ((best[index]?.weight ?? 0) > (best[heaviest]?.weight ?? 0)) heaviest = index;
  }
  const inPlace = new Set<number>();
  for (let at = heaviest; at >= 0; at = best[at]?.before ?? -1) inPlace.add(at);
  return runs
    .filter((_run, index) => !inPlace.has(index))
    .map(({ start, end }) => ({ from: start, to: end }));
}
