import type { Change, ExchangeHistory } from './history.js';
import { type Provider, providers } from './questions.js';

/** After so long without a fault a gateway has heard what an agent tells, in milliseconds. */
export const newsMs = 5_000;
/** So long after a fault all are connected again, in milliseconds: an agent waits up to half a minute from try to try. */
export const settleMs = 40_000;

/** A version of an agreement, and when it may have counted. */
export interface Version {
  readonly allowed: readonly string[];
  readonly from: number;
  /** When its successor surely counted at its agent. */
  readonly until: number;
  /** When every gateway had surely heard of that. */
  readonly knownUntil: number;
}

/** Which agreements may have counted at which time: an owner's change does at some time between its call and its answer. */
export class AgreementsInForce {
  readonly #versions: ReadonlyMap<string, readonly Version[]>;

  constructor(history: Pick<ExchangeHistory, 'changes' | 'versions' | 'faults'>, first: readonly string[]) {
    this.#versions = new Map(
      providers.map((provider) => [provider, versionsOf(provider, history, first)] as const),
    );
  }

  /** What may have counted at the agent at some time of a span. */
  during(provider: string, from: number, to: number): readonly Version[] {
    return this.#of(provider).filter((version) => version.from <= to && version.until >= from);
  }

  /** What a gateway may have taken to count at some time of a span. */
  known(provider: string, from: number, to: number): readonly Version[] {
    return this.#of(provider).filter((version) => version.from <= to && version.knownUntil >= from);
  }

  #of(provider: string): readonly Version[] {
    return this.#versions.get(provider) ?? [];
  }
}

function versionsOf(
  provider: Provider,
  { changes, versions, faults }: Pick<ExchangeHistory, 'changes' | 'versions' | 'faults'>,
  first: readonly string[],
): Version[] {
  const own = new Map(changes.filter((one) => one.provider === provider).map((one) => [one.number, one]));
  const made = versions[provider].map((number) => own.get(number));
  // from the last to the first, since each counts until the next one that is known to count
  let [until, knownUntil] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const found: Version[] = [];
  for (const change of [...made].reverse()) {
    if (change === undefined) continue;
    found.push({ allowed: change.allowed, from: change.calledAt, until, knownUntil });
    if (change.ending === 'acknowledged') {
      until = Math.min(until, change.at);
      knownUntil = Math.min(knownUntil, heardAt(change, faults));
    }
  }
  found.push({ allowed: first, from: Number.NEGATIVE_INFINITY, until, knownUntil });
  return found.reverse();
}

/** When every gateway had surely heard of a change that was acknowledged. */
function heardAt({ at, isAtAgent }: Change, faults: ExchangeHistory['faults']): number {
  if (!isAtAgent) return at;
  let heard = at + newsMs;
  for (const { from, to } of [...faults].sort((one, other) => one.from - other.from))
    if (from <= heard && to + settleMs >= at) heard = Math.max(heard, to + settleMs + newsMs);
  return heard;
}
