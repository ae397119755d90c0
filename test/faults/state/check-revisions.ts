import { callLine } from '../../lab/calls.js';
import type { Problem } from '../../lab/report.js';
import type { StoreCall } from './store-model.js';

/**
 * Whether the one counter of the store keeps to time: a call that was made after another had returned is told no lower
 * revision, whatever keys the two are of.
 */
export function checkRevisions(calls: readonly StoreCall[]): Problem[] {
  const told = calls.flatMap((call) => {
    const revision = call.returned?.answer.revision;
    return revision === undefined || call.returned === undefined
      ? []
      : [{ call, revision, at: call.returned.at }];
  });
  const made = [...told].sort((one, other) => one.call.calledAt - other.call.calledAt);
  const returned = [...told].sort((one, other) => one.at - other.at);
  const problems: Problem[] = [];
  let highest = returned[0];
  let next = 0;
  for (const each of made) {
    for (
      let before = returned[next];
      before !== undefined && before.at < each.call.calledAt;
      before = returned[next]
    ) {
      if (highest === undefined || next === 0 || before.revision > highest.revision) highest = before;
      next += 1;
    }
    if (next === 0 || highest === undefined || each.revision >= highest.revision) continue;
    const lines = [highest, each]
      .map(({ call }) => `    ${callLine(call, highest?.call.calledAt)}`)
      .join('\n');
    problems.push({ kind: 'wrong', text: `the revision of the store went back:\n${lines}` });
  }
  return problems;
}
