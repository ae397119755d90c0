import { monotonicMs } from './monotonic.js';
import { type Injected, longestOutages } from './outages.js';
import type { Problem, Report } from './report.js';
import { type FaultKind, faultKinds } from './schedule.js';
import type { Settings } from './settings.js';

/** What became of an operation; `absent` where it was never sent, because nobody was there to take it. */
export type Ending = 'acknowledged' | 'refused' | 'unknown' | 'absent';

/** After so long without any operation that succeeds nothing is waited for any more, in milliseconds. */
const longestStandstillMs = 120_000;

/** Counts the operations of a run, and says when there were enough. */
export class Tally {
  readonly #settings: Settings;
  readonly #onOperation: (ending: Ending) => void;
  readonly #began = monotonicMs();
  readonly #acknowledgedAt: number[] = [];
  readonly #counts: Record<Ending, number> = { acknowledged: 0, refused: 0, unknown: 0, absent: 0 };
  readonly #byKind = new Map<string, number>();
  readonly #stalled: Promise<never>;
  readonly #standstill: NodeJS.Timeout;
  #isBroken = false;
  #lastAt = this.#began;

  /** `onOperation` is told of every operation that was sent, and how it ended. */
  constructor(settings: Settings, onOperation: (ending: Ending) => void) {
    this.#settings = settings;
    this.#onOperation = onOperation;
    let tell: (error: Error) => void = () => {};
    this.#stalled = new Promise((_, reject) => {
      tell = reject;
    });
    // it is told by `stalled`, whenever that is looked at
    this.#stalled.catch(() => {});
    const problem =
      'No operation succeeded for two minutes: a server ended by itself or never came back, or all is refused.';
    this.#standstill = setTimeout(() => tell(new Error(problem)), longestStandstillMs);
  }

  /** Rejects after two minutes in which no operation succeeded. */
  get stalled(): Promise<never> {
    return this.#stalled;
  }

  /** Operations that were sent. */
  get operations(): number {
    const { acknowledged, refused, unknown } = this.#counts;
    return acknowledged + refused + unknown;
  }

  /** Whether the run was broken off. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  isOver(): boolean {
    const { operations, minutes } = this.#settings;
    if (this.#isBroken) return true;
    if (minutes === undefined) return this.operations >= operations;
    return monotonicMs() - this.#began >= minutes * 60_000;
  }

  /** There is no use in going on. */
  breakOff(): void {
    this.#isBroken = true;
    clearTimeout(this.#standstill);
  }

  /**
   * `kind` is what the operation was, of a suite with several kinds; `isServed` says whether the service had a part in it, so that it
   * was there if the operation succeeded.
   */
  count(at: number, ending: Ending, kind?: string, isServed = true): void {
    this.#counts[ending] += 1;
    if (ending === 'absent') return;
    if (kind !== undefined) this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
    if (ending === 'acknowledged' && !this.#isBroken) this.#standstill.refresh();
    if (ending === 'acknowledged' && isServed) this.#acknowledgedAt.push(at);
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#onOperation(ending);
  }

  /** What the run came to. */
  report(
    run: Pick<Report, 'suite' | 'engine' | 'machines'>,
    faults: readonly Injected[],
    missing: ReadonlyMap<FaultKind, string>,
    problems: readonly Problem[],
  ): Report {
    // later nobody asked, and nobody could be served
    const { byKind, withoutFaultMs } = longestOutages(faults, this.#acknowledgedAt, this.#lastAt);
    const { acknowledged, refused, unknown } = this.#counts;
    return {
      ...run,
      seed: this.#settings.seed,
      operations: this.operations,
      acknowledged,
      refused,
      unknown,
      ...(this.#byKind.size === 0 ? {} : { operationsByKind: Object.fromEntries(this.#byKind) }),
      faults: [...byKind].sort(byOrderOfKinds).map(([kind, longestOutageMs]) => ({
        ...{ kind, longestOutageMs },
        count: faults.filter((fault) => fault.kind === kind).length,
      })),
      longestWithoutFaultMs: withoutFaultMs,
      leftOut: [...missing].map(([kind, reason]) => ({ kind, reason })),
      problems,
      totalMs: monotonicMs() - this.#began,
    };
  }
}

/** As kinds of faults are listed, and by what was hit. */
function byOrderOfKinds([one]: readonly [string, number], [other]: readonly [string, number]): number {
  const placeOf = (text: string) => faultKinds.findLastIndex((kind) => text.startsWith(kind));
  return placeOf(one) - placeOf(other) || one.localeCompare(other);
}
