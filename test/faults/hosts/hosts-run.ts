import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Injected } from '../../lab/outages.js';
import type { Report } from '../../lab/report.js';
import type { FaultKind } from '../../lab/schedule.js';
import { seeded } from '../../lab/seeded.js';
import type { Settings } from '../../lab/settings.js';
import { Tally } from '../../lab/tally.js';
import type { Caller } from '../caller.js';
import { FaultRunner } from '../fault-runner.js';
import type { GatewayEngine } from '../lab-gateways.js';
import { answered } from '../lab-run.js';
import { downloadHash, listTasks } from '../tasks/gateway-desk.js';
import { livesOf, readBeats, stillThere } from './beats.js';
import { checkHistory } from './check-history.js';
import type { HostsHistory, SeenTask } from './history.js';
import { leases, MachinesWithHosts, service } from './machines-with-hosts.js';
import { least, Operator, type Told } from './operator.js';
import { type Episode, longestShortages, shortages } from './shortages.js';
import { finallyReady, untilServed } from './watch-services.js';

const kinds: readonly FaultKind[] = ['kill', 'stop', 'cut', 'lose packets', 'delay'];
/** Every fault goes on past the lease of a host. */
const schedule = { every: 60, lastsMs: [leases.hostMs + 500, leases.hostMs + 3_000] } as const;
/** Between two looks at tasks that have not ended, in milliseconds, and how many looks there are: some two minutes. */
const [lookMs, mostLooks] = [500, 240];

/** Gateways and hosts, which are worked with while they and their links fail. */
export async function hostsRun(settings: Settings, engine: string, kind: GatewayEngine): Promise<Report> {
  const all = await MachinesWithHosts.open(kind);
  try {
    const missing = new Map([...all.machines.missing].filter(([each]) => kinds.includes(each)));
    const run = await recorded(all, settings, missing);
    const { tally, told, episodes, injected } = run;
    const beats = await readBeats(all.beats);
    const lives = livesOf(beats, all.hosts);
    const { ready, final, downloads } = run;
    const history: HostsHistory = {
      ...told,
      ready,
      final,
      downloads,
      lives,
      orphans: await stillThere(beats),
    };
    const short = longestShortages(episodes, shortages(lives, told.scales, run.end));
    const where = { suite: 'hosts', engine, machines: all.machines.where };
    const report = tally.report(where, injected, missing, checkHistory(history));
    return {
      ...report,
      faults: report.faults.map((each) => ({ ...each, longestOutageMs: short.byKind.get(each.kind) ?? 0 })),
      longestWithoutFaultMs: short.withoutFaultMs,
    };
  } finally {
    await all.close();
  }
}

interface Recorded extends Pick<HostsHistory, 'ready' | 'final' | 'downloads'> {
  readonly told: Told;
  readonly tally: Tally;
  readonly injected: readonly Injected[];
  readonly episodes: readonly Episode[];
  /** When all was over. */
  readonly end: number;
}

/** Works with it all while faults come, sees what there is at the end, and stops it. */
async function recorded(
  all: MachinesWithHosts,
  settings: Settings,
  missing: ReadonlyMap<FaultKind, string>,
): Promise<Recorded> {
  const { desks, targets } = all;
  const [desk] = desks;
  if (desk === undefined) throw new Error('There is no gateway.');
  const episodes: Episode[] = [];
  const runner = new FaultRunner({
    ...{ random: seeded(settings.seed), targets, schedule, only: kinds, missing },
    settled: async ({ kind, from }) => {
      await untilServed(desks);
      episodes.push({ kind, from, to: monotonicMs() });
    },
  });
  const tally = new Tally(settings, (ending) => runner.operated(ending));
  const body = { replicas: least };
  await answered(desk, 'http', { path: `/services/${service}/replicas`, method: 'PUT', body });
  await finallyReady(desk, least, []);
  const operator = new Operator(desks, settings.seed + 1, tally);
  const working = operator.work();
  try {
    const failed = desks.map((each) => each.failed);
    await Promise.race([working, runner.failed, tally.stalled, ...failed]);
  } finally {
    tally.breakOff();
    await runner.end();
    await working;
  }
  const { told } = operator;
  const drained = [...told.drains].flatMap(([host, said]) => (said.at(-1)?.value === true ? [host] : []));
  const ready = await finallyReady(desk, told.scales.at(-1)?.value ?? 0, drained);
  const [final, end] = [await endedTasks(desk), monotonicMs()];
  // the last may have been healed when all was over
  for (const { kind, from } of runner.injected.slice(episodes.length)) episodes.push({ kind, from, to: end });
  const downloads = new Map<string, string>();
  for (const { id, state } of final) if (state === 'done') downloads.set(id, await downloadHash(desk, id));
  await all.stop();
  return { told, tally, injected: runner.injected, episodes, end, ready, final, downloads };
}

/** All tasks, when all have ended, or when those that have not are not waited for any more. */
async function endedTasks(desk: Caller): Promise<SeenTask[]> {
  for (let looks = 1; ; looks += 1) {
    const tasks = await listTasks(desk);
    const isOver = tasks.every(({ state }) => ['done', 'failed', 'cancelled'].includes(state));
    if (isOver || looks === mostLooks) return tasks;
    await wait(lookMs);
  }
}
