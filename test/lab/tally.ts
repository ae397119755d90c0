import { monotonicMs } from './monotonic.js';
import { type Injected, longestOutages } from './outages.js';
import type { Problem, Report } from './report.js';
import { type FaultKind, faultKinds } from './schedule.js';
import type { Settings } from './settings.js';

/** What became of an operation; `absent` where it was never sent, because nobody was there to take it. */
export type Ending = 'acknowledged' | 'refused' | 'unknown' | 'absent';

/** After so long without any operation nothing is waited for any more, in milliseconds. */
const longestStandstillMs = 120_000;

/** Counts the operations of a run, and says when there were enough. */
export class Tally {
  readonly #settings: Settings;
  readonly #onOperation: () => void;
  readonly #began = monotonicMs();
  readonly #acknowledgedAt: number[] = [];
  readonly #counts: Record<Ending, number> = { acknowledged: 0, refused: 0, unknown: 0, absent: 0 };
  readonly #stalled: Promise<never>;
  readonly #standstill: NodeJS.Timeout;
  #isBroken = false;

  /** `onOperation` is told of every operation that was sent. */
  constructor(settings: Settings, onOperation: () => void) {
    this.#settings = settings;
    this.#onOperation = onOperation;
    let tell: (error: Error) => void = () => {};
    this.#stalled = new Promise((_, reject) => {
      tell = reject;
    });
    // it is told by `stalled`, whenever that is looked at
    this.#stalled.catch(() => {});
    const problem = 'There was no operation for two minutes: a server ended by itself, or never came back.';
    this.#standstill = setTimeout(() => tell(new Error(problem)), longestStandstillMs);
  }

  /** Rejects after two minutes in which no operation ended. */
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

  count(at: number, ending: Ending): void {
    this.#counts[ending] += 1;
    if (ending === 'absent') return;
    if (!this.#isBroken) this.#standstill.refresh();
    if (ending === 'acknowledged') this.#acknowledgedAt.push(at);
    this.#onOperation();
  }

  /** What the run came to. */
  report(
    run: Pick<Report, 'suite' | 'engine' | 'machines'>,
    faults: readonly Injected[],
    missing: ReadonlyMap<FaultKind, string>,
    problems: readonly Problem[],
  ): Report {
    const end = monotonicMs();
    const outages = longestOutages(faults, this.#acknowledgedAt, end);
    const { acknowledged, refused, unknown } = this.#counts;
    return {
      ...run,
      seed: this.#settings.seed,
      operations: this.operations,
      acknowledged,
      refused,
      unknown,
      faults: faultKinds.flatMap((kind) => {
        const count = faults.filter((fault) => fault.kind === kind).length;
        return count === 0 ? [] : [{ kind, count, longestOutageMs: outages.get(kind) ?? 0 }];
      }),
      leftOut: [...missing].map(([kind, reason]) => ({ kind, reason })),
      problems,
      totalMs: end - this.#began,
    };
  }
}
