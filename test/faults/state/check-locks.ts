import type { Problem } from '../../lab/report.js';
import type { Claim, LockReading, StateHistory } from './history.js';

/**
 * Whether a lock has one holder at a time, who is seen to have it for as long as its lease surely counts: from the answer that
 * gave it until its time after the last keep-alive that was acknowledged, counted from when that was sent.
 */
export function checkLocks({
  claims,
  lockReadings,
}: Pick<StateHistory, 'claims' | 'lockReadings'>): Problem[] {
  return [...checkHolders(claims), ...claims.flatMap((claim) => checkReadings(claim, lockReadings))];
}

function checkHolders(claims: readonly Claim[]): Problem[] {
  const problems: Problem[] = [];
  const last = new Map<string, Claim>();
  for (const claim of [...claims].sort((one, other) => one.from - other.from)) {
    const before = last.get(claim.lock);
    if (before !== undefined && before.to > claim.from)
      problems.push({ kind: 'doubled', text: `${line(before)} and ${line(claim)} at the same time` });
    if (before === undefined || before.to < claim.to) last.set(claim.lock, claim);
  }
  return problems;
}

function checkReadings(claim: Claim, readings: readonly LockReading[]): Problem[] {
  return readings
    .filter(({ lock, calledAt, at }) => lock === claim.lock && calledAt > claim.from && at < claim.to)
    .filter(({ value }) => value !== claim.value)
    .map(({ value, calledAt }) => ({
      kind: 'lost',
      text: `${line(claim)}, and it was read as ${value ?? 'nobody’s'} at ${calledAt.toFixed(1)}`,
    }));
}

function line({ value, lock, from, to }: Claim): string {
  return `${value} held ${lock} from ${from.toFixed(1)} to ${to.toFixed(1)} ms`;
}
