import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '../../../src/kernel/state/index.js';
import type { Report } from '../../lab/report.js';
import { seeded } from '../../lab/seeded.js';
import type { Settings } from '../../lab/settings.js';
import { Tally } from '../../lab/tally.js';
import { Caller } from '../caller.js';
import { type EngineKind, embedded } from '../engines.js';
import { FaultRunner } from '../fault-runner.js';
import type { Target } from '../inject.js';
import { openMachines } from '../lab-machines.js';
import { checkHistory } from './check-history.js';
import { runClient, Watcher } from './clients.js';
import type { Claim, LockReading, RefusedCall, StateHistory } from './history.js';
import { holdLocks } from './lock-holder.js';
import { type StoreCall, seenOf } from './store-model.js';

/** The engines of the state, by their names. */
export const stateEngines: Readonly<Record<string, EngineKind>> = { local: embedded('state') };

const callerNames = ['client-1', 'client-2', 'client-3'] as const;
/** Calls of a client that are under way at once. */
const lanes = 3;
/** Operations from one fault to the next, and how long each lasts, in milliseconds. */
const schedule = { every: 100, lastsMs: [200, 2_500] } as const;
/** How the engine is asked when all is over: how long each time, how often, and after how long again. */
const [patienceMs, attempts, againMs] = [5_000, 60, 500];

/** Runs it all on one engine, and ends every process and removes all that it made. */
export async function stateRun(settings: Settings, engineName: string, kind: EngineKind): Promise<Report> {
  const machines = await openMachines([...kind.servers, ...callerNames]);
  try {
    const engine = await kind.open(machines);
    const callers = callerNames.map((name) => new Caller(name, machines.get(name), engine.address));
    try {
      for (const caller of callers) await caller.restart();
      const missing = new Map([...machines.missing, ...engine.missing]);
      const clients = callers.map(
        (caller): Target => ({ name: caller.name, machine: caller.machine, process: caller }),
      );
      const random = seeded(settings.seed);
      const runner = new FaultRunner({ random, targets: [...engine.targets, ...clients], schedule, missing });
      const tally = new Tally(settings, () => runner.operated());
      const history = await record(callers, settings.seed, tally, runner);
      const run = { suite: 'state', engine: engineName, machines: machines.where };
      return tally.report(run, runner.injected, missing, checkHistory(history));
    } finally {
      for (const caller of callers) await caller.kill();
      await engine.close();
    }
  } finally {
    await machines.remove();
  }
}

async function record(
  callers: readonly Caller[],
  seed: number,
  tally: Tally,
  runner: FaultRunner,
): Promise<StateHistory> {
  const calls: StoreCall[] = [];
  const refused: RefusedCall[] = [];
  const claims: Claim[] = [];
  const lockReadings: LockReading[] = [];
  const surprises: string[] = [];
  const watchers = callers.map((caller) => new Watcher(caller, (what) => surprises.push(what)));
  const following = watchers.map((watcher) => watcher.follow());
  const onCall = (call: StoreCall) => void calls.push(call);
  const onRefused = (one: RefusedCall) => void refused.push(one);
  const onClaim = (claim: Claim) => void claims.push(claim);
  const onReading = (reading: LockReading) => void lockReadings.push(reading);
  const working = callers.flatMap((caller, index) => [
    ...Array.from({ length: lanes }, (_, lane) =>
      runClient(caller, lane, seed + 1 + index * lanes + lane, { tally, onCall, onRefused }),
    ),
    holdLocks(caller, seed + 1_000 + index, { tally, onClaim, onReading }),
  ]);
  const failed = Promise.race([runner.failed, ...callers.map((caller) => caller.failed)]);
  try {
    await Promise.race([Promise.all(working), failed]);
    await runner.end();
    const [caller = noCaller()] = callers;
    const final = await readAll(caller);
    // all that was written before is told before it, whatever lapsed meanwhile
    const last = await answered<number>(caller, 'put', { key: 'last', value: 'last' });
    await Promise.race([Promise.all(watchers.map((watcher) => watcher.reached(last))), failed]);
    const watched = watchers.map((watcher) => watcher.watched);
    return { calls, refused, claims, lockReadings, watched, final, surprises };
  } finally {
    tally.breakOff();
    await runner.end();
    await Promise.all(working);
    for (const watcher of watchers) watcher.end();
    for (const caller of callers) await caller.kill();
    await Promise.all(following);
  }
}

/** All keys, at one revision. */
async function readAll(caller: Caller): Promise<StateHistory['final']> {
  const { entries, revision, next } = await answered<Page>(caller, 'list', { prefix: '' });
  if (next !== undefined) throw new Error('There are more keys at the end than fit into one page.');
  return { entries: entries.map(seenOf), revision };
}

/** Asks until there is an answer, when all faults are healed. Throws where none comes. */
async function answered<Result>(caller: Caller, method: string, args: unknown): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await caller.ask<Result>(method, args, patienceMs);
    if ('result' in outcome) return outcome.result;
    if (attempt === attempts)
      throw new Error(`The engine does not come back after all faults: ${outcome.error.message}`);
    await wait(againMs);
  }
}

function noCaller(): never {
  throw new Error('There is no caller.');
}
