import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Report } from '../../lab/report.js';
import type { FaultKind } from '../../lab/schedule.js';
import { seeded } from '../../lab/seeded.js';
import type { Settings } from '../../lab/settings.js';
import { Tally } from '../../lab/tally.js';
import type { Caller } from '../caller.js';
import { FaultRunner } from '../fault-runner.js';
import type { Target } from '../inject.js';
import { answered } from '../lab-run.js';
import { sha256 } from '../tasks/made-files.js';
import { livesOf, readBeats, stillThere } from './beats.js';
import { checkHistory } from './check-history.js';
import type { HostPeriod, HostsHistory, ReadyInstance, SeenTask } from './history.js';
import { leases, MachinesWithHosts, service } from './machines-with-hosts.js';
import { least, Operator } from './operator.js';
import { longestShortages, shortages } from './shortages.js';

const kinds: readonly FaultKind[] = ['kill', 'stop', 'cut'];
/** Every fault goes on past the lease of a host. */
const schedule = { every: 8, lastsMs: [leases.hostMs + 500, leases.hostMs + 3_000] } as const;
/** Between two looks at what is not as it will be, in milliseconds, and how many looks there are: some two minutes. */
const [lookMs, mostLooks] = [500, 240];

/** A gateway and hosts, which are worked with while they and their links fail. */
export async function hostsRun(settings: Settings, engine: string): Promise<Report> {
  const all = await MachinesWithHosts.open();
  try {
    const { desk, machines } = all;
    const missing = new Map([...machines.missing].filter(([kind]) => kinds.includes(kind)));
    const targets = [...all.servers].map(([name, server]): Target => {
      return { name, machine: machines.get(name), process: server };
    });
    const options = { random: seeded(settings.seed), targets, schedule, only: kinds, missing };
    const runner = new FaultRunner(options);
    const tally = new Tally(settings, (ending) => runner.operated(ending));
    const body = { replicas: least };
    await answered(desk, 'http', { path: `/services/${service}/replicas`, method: 'PUT', body });
    await endOf(desk, least, []);
    const operator = new Operator(desk, settings.seed + 1, tally);
    const working = operator.work();
    try {
      await Promise.race([working, runner.failed, tally.stalled, desk.failed]);
    } finally {
      tally.breakOff();
      await runner.end();
      await working;
    }
    const stopped = runner.injected.flatMap(({ kind, target: host, from, to }): HostPeriod[] =>
      kind === 'stop' ? [{ host, from, to, why: 'stopped' }] : [],
    );
    const hostPeriods = [...stopped, ...operator.drained];
    const drained = operator.drained.filter(({ to }) => to === Number.POSITIVE_INFINITY);
    const told = {
      ...{ uploaded: operator.uploaded, hostPeriods, leaseMs: leases.hostMs },
      ...{ wanted: operator.wanted.at(-1)?.count ?? 0, drained: drained.map(({ host }) => host) },
    };
    const ready = await endOf(desk, told.wanted, told.drained);
    const [final, end] = [await endedTasks(desk), monotonicMs()];
    const downloads = await downloaded(desk, final);
    await all.stop();
    const beats = await readBeats(all.beats);
    const lives = livesOf(beats, all.hosts);
    const orphans = await stillThere(beats);
    const history: HostsHistory = { ...told, ready, final, downloads, lives, orphans };
    const faults = runner.injected.map((fault) => ({
      ...fault,
      kind: `${fault.kind} ${what(fault.target)}`,
    }));
    const longest = longestShortages(faults, shortages(lives, operator.wanted, end));
    const run = { suite: 'hosts', engine, machines: machines.where };
    return {
      ...tally.report(run, runner.injected, missing, checkHistory(history)),
      faults: [...longest].map(([kind, longestOutageMs]) => ({
        ...{ kind, longestOutageMs },
        count: faults.filter((fault) => fault.kind === kind).length,
      })),
    };
  } finally {
    await all.close();
  }
}

function what(target: string): 'host' | 'gateway' {
  return target === 'gateway' ? target : 'host';
}

/** The instances that are ready, when those that are wanted are, or when they are not waited for any more. */
async function endOf(desk: Caller, wanted: number, drained: readonly string[]): Promise<ReadyInstance[]> {
  for (let looks = 1; ; looks += 1) {
    const { instances } = await read<{
      instances: readonly (ReadyInstance & { readonly state: string })[];
    }>(desk, `/services/${service}`);
    const ready = instances.filter(({ state }) => state === 'ready');
    const isThere =
      instances.length === wanted &&
      ready.length === wanted &&
      ready.every(({ host }) => !drained.includes(host));
    if (isThere || looks === mostLooks) return ready.map(({ id, slot, host }) => ({ id, slot, host }));
    await wait(lookMs);
  }
}

/** All tasks, when all have ended, or when those that have not are not waited for any more. */
async function endedTasks(desk: Caller): Promise<SeenTask[]> {
  for (let looks = 1; ; looks += 1) {
    const tasks: SeenTask[] = [];
    for (let path = '/tasks?limit=1000'; ; ) {
      const { items, next } = await read<{ items: SeenTask[]; next?: string }>(desk, path);
      tasks.push(...items);
      if (next === undefined) break;
      path = `/tasks?limit=1000&after=${next}`;
    }
    const isOver = tasks.every(({ state }) => ['done', 'failed', 'cancelled'].includes(state));
    if (isOver || looks === mostLooks) return tasks;
    await wait(lookMs);
  }
}

async function downloaded(desk: Caller, tasks: readonly SeenTask[]): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const { id, state } of tasks) {
    if (state !== 'done') continue;
    const path = `/tasks/${id}/result`;
    const { status, base64 } = await answered<{ status: number; base64: string }>(desk, 'download', { path });
    hashes.set(id, status === 200 ? sha256(Buffer.from(base64, 'base64')) : `status ${status}`);
  }
  return hashes;
}

async function read<Body>(desk: Caller, path: string): Promise<Body> {
  const { status, body } = await answered<{ status: number; body: Body }>(desk, 'http', { path });
  if (status !== 200) throw new Error(`${path} was answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}
