import { setTimeout as wait } from 'node:timers/promises';
import { Closers } from '../../src/kernel/closers/index.js';
import type { Injected } from '../lab/outages.js';
import type { Problem, Report } from '../lab/report.js';
import type { ScheduleOptions } from '../lab/schedule.js';
import { seeded } from '../lab/seeded.js';
import type { Settings } from '../lab/settings.js';
import { Tally } from '../lab/tally.js';
import { Caller } from './caller.js';
import type { EngineKind } from './engines.js';
import { FaultRunner } from './fault-runner.js';
import type { Target } from './inject.js';
import { openMachines } from './lab-machines.js';

/** What a suite does once its engine and its callers are there. */
export interface LabRun {
  readonly suite: string;
  /** Lets the callers work until it is over, and says what was wrong with what they did. */
  readonly work: (running: Running) => Promise<readonly Problem[]>;
}

const callerNames = ['client-1', 'client-2', 'client-3'] as const;
const schedule: ScheduleOptions = { every: 40, lastsMs: [200, 2_500] };

export interface Running {
  readonly callers: readonly Caller[];
  readonly seed: number;
  readonly tally: Tally;
  /** No fault comes any more; resolves when the last is healed. */
  readonly endFaults: () => Promise<void>;
  /** The faults that have come so far. */
  readonly injected: () => readonly Injected[];
  /** Rejects as soon as a fault could not be made or healed, or a caller ended by itself. */
  readonly failed: Promise<never>;
}

/** Runs it all on one engine, and ends every process and removes all that it made. */
export async function runOnEngine(
  { suite, work }: LabRun,
  settings: Settings,
  engineName: string,
  kind: EngineKind,
): Promise<Report> {
  const closers = new Closers();
  try {
    const machines = await openMachines([...kind.servers, ...callerNames]);
    closers.push(() => machines.remove());
    const engine = closers.own(await kind.open(machines));
    const callers = callerNames.map((name) => new Caller(name, machines.get(name), engine.address));
    for (const caller of callers) {
      closers.push(() => caller.kill());
      await caller.restart();
    }
    const missing = new Map([...machines.missing, ...engine.missing]);
    const clients = callers.map(
      (caller): Target => ({ name: caller.name, machine: caller.machine, process: caller }),
    );
    // a server by itself is hit as often as all clients together
    const often = Math.ceil(clients.length / engine.targets.length);
    const servers = Array.from({ length: often }, () => engine.targets).flat();
    const targets = [...servers, ...clients];
    const runner = new FaultRunner({ random: seeded(settings.seed), targets, schedule, missing });
    const tally = new Tally(settings, (ending) => runner.operated(ending));
    const problems = await work({
      callers,
      seed: settings.seed,
      tally,
      endFaults: () => runner.end(),
      injected: () => runner.injected,
      failed: Promise.race([runner.failed, tally.stalled, ...callers.map((caller) => caller.failed)]),
    });
    const run = { suite, engine: engineName, machines: machines.where };
    return tally.report(run, runner.injected, missing, problems);
  } finally {
    await closers.close();
  }
}

/** How the engine is asked when all is over: how long each time, how often, and after how long again. */
const [patienceMs, attempts, againMs] = [5_000, 60, 500];

/** Asks until there is an answer, when all faults are healed. Throws where none comes. */
export async function answered<Result>(caller: Caller, method: string, args: unknown): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await caller.ask<Result>(method, args, patienceMs);
    if ('result' in outcome) return outcome.result;
    if (attempt === attempts)
      throw new Error(`The engine does not come back after all faults: ${outcome.error.message}`);
    await wait(againMs);
  }
}
