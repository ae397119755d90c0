import type { Page } from '../../../src/kernel/state/index.js';
import type { Report } from '../../lab/report.js';
import type { Settings } from '../../lab/settings.js';
import type { Caller } from '../caller.js';
import { type EngineKind, embedded, etcd } from '../engines.js';
import { answered, type Running, runOnEngine } from '../lab-run.js';
import { checkHistory } from './check-history.js';
import { checkRoom } from './check-room.js';
import { runClient, Watcher } from './clients.js';
import type { Claim, LockReading, RefusedCall, StateHistory } from './history.js';
import { holdLocks } from './lock-holder.js';
import { type StoreCall, seenOf } from './store-model.js';

/** The engines of the state, by their names. */
export const stateEngines: Readonly<Record<string, EngineKind>> = { local: embedded('state'), etcd };

/** Calls of a client that are under way at once. */
const lanes = 3;

/** One run on one engine. */
export function stateRun(settings: Settings, engineName: string, kind: EngineKind): Promise<Report> {
  const work = async (running: Running) => {
    const history = await record(running);
    return [...checkHistory(history), ...checkRoom(running.injected(), history.refused)];
  };
  return runOnEngine({ suite: 'state', work }, settings, engineName, kind);
}

async function record({ callers, seed, tally, endFaults, failed }: Running): Promise<StateHistory> {
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
  try {
    await Promise.race([Promise.all(working), failed]);
    await endFaults();
    const [caller = noCaller()] = callers;
    const final = await readAll(caller);
    // all that was written before is told before it, whatever lapsed meanwhile
    const last = await answered<number>(caller, 'put', { key: 'last', value: 'last' });
    await Promise.race([Promise.all(watchers.map((watcher) => watcher.reached(last))), failed]);
    const watched = watchers.map((watcher) => watcher.watched);
    return { calls, refused, claims, lockReadings, watched, final, surprises };
  } finally {
    tally.breakOff();
    await endFaults();
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

function noCaller(): never {
  throw new Error('There is no caller.');
}
