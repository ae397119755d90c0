/** A fault that came, from its beginning until it was healed, in milliseconds of the machine's monotonic clock. */
export interface Injected {
  /** In the words of reports. */
  readonly kind: string;
  /** What it hit. */
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

/** After a fault was healed, service is there again when so many operations have succeeded; no other fault comes before. */
export const servedAgain = 5;

/** The longest times without service, in milliseconds. */
export interface Outages {
  /** With a fault of a kind under way, or healed and not got over yet. */
  readonly byKind: ReadonlyMap<string, number>;
  /** With no fault: what operations take by themselves on a machine as busy as this. */
  readonly withoutFaultMs: number;
}

/**
 * The longest times between two operations that succeeded, one after the other. A time counts for the fault that it has a
 * part of: from the fault's beginning until `servedAgain` operations have succeeded after it was healed, or until the next
 * fault begins. `succeeded` tells when operations did, in any order; `end` is when the last operation ended, however.
 */
export function longestOutages(
  faults: readonly Injected[],
  succeeded: readonly number[],
  end: number,
): Outages {
  const successes = [...succeeded].sort((one, other) => one - other);
  const inOrder = [...faults].sort((one, other) => one.from - other.from);
  const periods = inOrder.map(({ kind, from, to }, index) => {
    const again = successes.filter((at) => at > to)[servedAgain - 1] ?? Number.POSITIVE_INFINITY;
    return { kind, from, to: Math.min(again, Math.max(to, inOrder[index + 1]?.from ?? again)) };
  });
  const byKind = new Map(inOrder.map(({ kind }) => [kind, 0]));
  let withoutFaultMs = 0;
  const first = Math.min(successes[0] ?? end, inOrder[0]?.from ?? end);
  const moments = [first, ...successes, Math.max(end, successes.at(-1) ?? end)];
  for (const [index, moment] of moments.slice(1).entries()) {
    const before = moments[index] ?? moment;
    const within = periods.filter(({ from, to }) => from < moment && to > before);
    for (const { kind } of within) byKind.set(kind, Math.max(byKind.get(kind) ?? 0, moment - before));
    if (within.length === 0) withoutFaultMs = Math.max(withoutFaultMs, moment - before);
  }
  return { byKind, withoutFaultMs };
}
