/** A fault that came, from its beginning until it was healed, in milliseconds of the machine's monotonic clock. */
export interface Injected {
  /** In the words of reports. */
  readonly kind: string;
  /** What it hit. */
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The longest time without service for each kind of fault, in milliseconds: between two operations that succeeded, one
 * after the other, with a fault of that kind between them. `succeeded` tells when they did, in any order; `end` is the end
 * of the run.
 */
export function longestOutages(
  faults: readonly Injected[],
  succeeded: readonly number[],
  end: number,
): ReadonlyMap<string, number> {
  const moments = [...succeeded, end].sort((one, other) => one - other);
  const longest = new Map<string, number>();
  for (const { kind, from, to } of faults) {
    let before = Math.min(from, moments[0] ?? from);
    for (const moment of moments) {
      if (moment > from && before < to) longest.set(kind, Math.max(longest.get(kind) ?? 0, moment - before));
      if (before >= to) break;
      before = moment;
    }
  }
  return longest;
}
