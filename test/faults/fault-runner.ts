import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../lab/monotonic.js';
import { type Injected, servedAgain } from '../lab/outages.js';
import {
  type Fault,
  type FaultKind,
  faultKinds,
  faultSchedule,
  type ScheduleOptions,
} from '../lab/schedule.js';
import type { Random } from '../lab/seeded.js';
import type { Ending } from '../lab/tally.js';
import { canHit, inject, type Target } from './inject.js';

export interface FaultRunnerOptions {
  readonly random: Random;
  readonly targets: readonly Target[];
  readonly schedule: ScheduleOptions;
  /** Kinds that are wanted; all if not given. */
  readonly only?: readonly FaultKind[];
  /** Kinds that cannot be had here. */
  readonly missing: ReadonlyMap<FaultKind, string>;
  /** Resolves when all is well again after a fault was healed; it is, as soon as it is healed, if not given. */
  readonly settled?: (injected: Injected) => Promise<void>;
}

/**
 * Makes faults come, one after the other, as operations go on. From one that is over to the next there are as many operations as the
 * schedule has between the two, and some that succeed, so that what is missed around a fault is missed because of it.
 */
export class FaultRunner {
  readonly kinds: readonly FaultKind[];
  readonly injected: Injected[] = [];
  readonly #targets: readonly Target[];
  readonly #schedule: Generator<Fault, never>;
  readonly #settled: (injected: Injected) => Promise<void>;
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #next: Fault;
  /** After how many operations the next comes. */
  #due: number;
  #operations = 0;
  /** Operations that succeeded since the last fault was healed. */
  #served = servedAgain;
  #faulting: Promise<void> | undefined;
  #isOver = false;

  constructor({ random, targets, schedule, only = faultKinds, missing, settled }: FaultRunnerOptions) {
    this.#targets = targets;
    this.#settled = settled ?? (async () => {});
    const can = (kind: FaultKind) => !missing.has(kind) && targets.some((target) => canHit(kind, target));
    this.kinds = only.filter(can);
    this.#schedule = faultSchedule(random, this.kinds, schedule);
    this.#next = this.#schedule.next().value;
    this.#due = this.#next.after;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // it is told by `failed`, whenever that is looked at
    this.#failed.catch(() => {});
  }

  /** Rejects as soon as a fault could not be made, or not be healed. */
  get failed(): Promise<never> {
    return this.#failed;
  }

  /** One more operation has ended. */
  operated(ending: Ending): void {
    this.#operations += 1;
    if (ending === 'acknowledged') this.#served += 1;
    if (this.#isOver || this.#faulting !== undefined || this.#operations < this.#due) return;
    if (this.#served < servedAgain) return;
    const fault = this.#next;
    this.#next = this.#schedule.next().value;
    this.#faulting = this.#commit(fault)
      .catch(this.#fail)
      .finally(() => {
        this.#due = this.#operations + this.#next.after - fault.after;
        this.#faulting = undefined;
      });
  }

  /** No fault comes any more; resolves when the last is healed. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#faulting;
  }

  async #commit(fault: Fault): Promise<void> {
    const hit = this.#targets.filter((target) => canHit(fault.kind, target));
    const target = hit[Math.floor(fault.target * hit.length)];
    if (target === undefined) throw new Error(`There is nothing that ${fault.kind} could hit.`);
    await wait(fault.delayMs);
    const from = monotonicMs();
    const heal = await inject(fault, target);
    await wait(fault.lastsMs);
    await heal();
    const to = monotonicMs();
    this.#served = 0;
    const kind = target.group === undefined ? fault.kind : `${fault.kind} ${target.group}`;
    const injected = { kind, target: target.name, from, to };
    this.injected.push(injected);
    if (!this.#isOver) await this.#settled(injected);
  }
}
