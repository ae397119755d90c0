import type { Call } from './calls.js';

/**
 * The shortest beginning of a history that is bad, without the calls that changed nothing and that it is bad without too.
 *
 * `isBad` has to hold for every continuation of a history that it holds for, as it does where it says that a history is not
 * linearisable. `isReader` says of a call that it changes nothing, whatever came of it: others are kept, for what they wrote
 * may have been read.
 */
export function minimalHistory<Asked, Answer>(
  calls: readonly Call<Asked, Answer>[],
  isBad: (calls: readonly Call<Asked, Answer>[]) => boolean,
  isReader: (asked: Asked) => boolean,
): readonly Call<Asked, Answer>[] {
  const ends = calls
    .flatMap(({ returned }) => (returned === undefined ? [] : [returned.at]))
    .sort((a, b) => a - b);
  let [good, bad] = [-1, ends.length - 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isBad(until(calls, ends[middle] ?? 0))) bad = middle;
    else good = middle;
  }
  let kept = until(calls, ends[bad] ?? 0);
  for (const call of kept.filter(({ asked }) => isReader(asked))) {
    const without = kept.filter((other) => other !== call);
    if (isBad(without)) kept = without;
  }
  return kept;
}

/** What was known at a moment: what had not returned by then is unknown, what was not made yet is not there. */
function until<Asked, Answer>(calls: readonly Call<Asked, Answer>[], moment: number): Call<Asked, Answer>[] {
  return calls
    .filter(({ calledAt }) => calledAt <= moment)
    .map(({ returned, ...call }) =>
      returned !== undefined && returned.at <= moment ? { ...call, returned } : call,
    );
}
