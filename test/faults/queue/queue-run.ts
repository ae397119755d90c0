import { setTimeout as wait } from 'node:timers/promises';
import type { QueueCapabilities, QueueStats } from '../../../src/kernel/queue/index.js';
import type { Report } from '../../lab/report.js';
import type { Settings } from '../../lab/settings.js';
import type { Caller } from '../caller.js';
import { type EngineKind, embedded, nats, oneNats } from '../engines.js';
import { answered, type Running, runOnEngine } from '../lab-run.js';
import { checkHistory } from './check-history.js';
import { consume, publish, workQueue } from './clients.js';
import type { Dead, Delivered, Finishing, Publishing, QueueHistory } from './history.js';

/** The engines of queues, by their names. */
export const queueEngines: Readonly<Record<string, EngineKind>> = {
  local: embedded('queue'),
  nats,
  'nats-alone': oneNats,
};

/** Publishers, and workers, of one caller. */
const lanes = 2;
/**
 * Between two looks at whether the queue is empty, in milliseconds, and after how many of them those who still have a message
 * are not waited for: an engine may keep what was lost on its way to a worker for longer than its lease.
 */
const [lookMs, mostLooks] = [200, 40];

/** One run on one engine. */
export function queueRun(settings: Settings, engineName: string, kind: EngineKind): Promise<Report> {
  const work = async (running: Running) => {
    // of what is published over several servers at one moment each may count without the others
    const beyond = kind.servers.length > 1 ? running.callers.length * lanes : 0;
    return checkHistory(await record(running, beyond));
  };
  return runOnEngine({ suite: 'queue', work }, settings, engineName, kind);
}

async function record(
  { callers, seed, tally, endFaults, failed }: Running,
  beyond: number,
): Promise<QueueHistory> {
  const publishings: Publishing[] = [];
  const deliveries: Delivered[] = [];
  const finishings: Finishing[] = [];
  const recorder = {
    tally,
    onPublishing: (one: Publishing) => void publishings.push(one),
    onDelivered: (one: Delivered) => void deliveries.push(one),
    onFinishing: (one: Finishing) => void finishings.push(one),
  };
  let isEmpty = false;
  const each = <Result>(start: (caller: Caller, lane: number, seed: number) => Result): Result[] =>
    callers.flatMap((caller, index) =>
      Array.from({ length: lanes }, (_, lane) => start(caller, lane, seed + 1 + index * lanes + lane)),
    );
  const publishing = each((caller, lane, laneSeed) => publish(caller, lane, laneSeed, recorder));
  const consuming = each((caller, lane, laneSeed) =>
    consume(caller, lane, laneSeed + 1_000, () => isEmpty, recorder),
  );
  try {
    await Promise.race([Promise.all(publishing), failed]);
    await endFaults();
    const [caller] = callers;
    if (caller === undefined) throw new Error('There is no caller.');
    const left = await Promise.race([leftOver(caller), failed]);
    isEmpty = true;
    await Promise.all(consuming);
    const { refusesLateAck } = await answered<QueueCapabilities>(caller, 'capabilities', {});
    const { capacity, maxDeliveries } = workQueue.settings;
    const rules = { capacity, beyond, maxDeliveries, refusesLateAck };
    return { publishings, deliveries, finishings, dead: await deadLetters(caller), left, rules };
  } finally {
    isEmpty = true;
    tally.breakOff();
    await endFaults();
    await Promise.all([...publishing, ...consuming]);
  }
}

/** Resolves when nothing waits and nobody has anything, or with what somebody has for too long. */
async function leftOver(caller: Caller): Promise<number> {
  for (let looks = 0; ; looks += 1) {
    const { ready, delayed, leased } = await answered<QueueStats>(caller, 'stats', workQueue);
    if (ready + delayed === 0 && (leased === 0 || looks >= mostLooks)) return leased;
    await wait(lookMs);
  }
}

async function deadLetters(caller: Caller): Promise<Dead[]> {
  const all: Dead[] = [];
  for (let after: number | undefined; ; ) {
    const options = after === undefined ? {} : { after };
    const page = await answered<{ readonly deadLetters: readonly Dead[]; readonly next?: number }>(
      caller,
      'deadLetters',
      { ...workQueue, options },
    );
    all.push(...page.deadLetters);
    if (page.next === undefined) return all;
    after = page.next;
  }
}
