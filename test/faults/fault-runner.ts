import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../lab/monotonic.js';
import type { Injected } from '../lab/outages.js';
import {
  type Fault,
  type FaultKind,
  faultKinds,
  faultSchedule,
  type ScheduleOptions,
} from '../lab/schedule.js';
import type { Random } from '../lab/seeded.js';
import { canHit, inject, type Target } from './inject.js';

export interface FaultRunnerOptions {
  readonly random: Random;
  readonly targets: readonly Target[];
  readonly schedule: ScheduleOptions;
  /** Kinds that are wanted; all if not given. */
  readonly only?: readonly FaultKind[];
  /** Kinds that cannot be had here. */
  readonly missing: ReadonlyMap<FaultKind, string>;
}

/** Makes faults come, one after the other, as operations go on. */
export class FaultRunner {
  readonly kinds: readonly FaultKind[];
  readonly injected: Injected[] = [];
  readonly #targets: readonly Target[];
  readonly #schedule: Generator<Fault, never>;
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #next: Fault;
  #operations = 0;
  #faulting: Promise<void> | undefined;
  #isOver = false;

  constructor({ random, targets, schedule, only = faultKinds, missing }: FaultRunnerOptions) {
    this.#targets = targets;
    const can = (kind: FaultKind) => !missing.has(kind) && targets.some((target) => canHit(kind, target));
    this.kinds = only.filter(can);
    this.#schedule = faultSchedule(random, this.kinds, schedule);
    this.#next = this.#schedule.next().value;
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

  /** One more operation has ended, however. */
  operated(): void {
    this.#operations += 1;
    if (this.#isOver || this.#faulting !== undefined || this.#operations < this.#next.after) return;
    const fault = this.#next;
    // those that were due during a fault come after it
    this.#next = this.#schedule.next().value;
    this.#faulting = this.#commit(fault)
      .catch(this.#fail)
      .finally(() => {
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
    this.injected.push({ kind: fault.kind, target: target.name, from, to: monotonicMs() });
  }
}
