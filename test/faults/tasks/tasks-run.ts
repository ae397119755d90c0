import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Injected } from '../../lab/outages.js';
import type { Report } from '../../lab/report.js';
import type { FaultKind, ScheduleOptions } from '../../lab/schedule.js';
import { seeded } from '../../lab/seeded.js';
import type { Settings } from '../../lab/settings.js';
import { Tally } from '../../lab/tally.js';
import type { Caller } from '../caller.js';
import { FaultRunner } from '../fault-runner.js';
import { checkHistory } from './check-history.js';
import { downloadHash, followEnded, listTasks, readProgress, readQueue } from './gateway-desk.js';
import type { Accepted, History, SeenTask } from './history.js';
import { type HeldBlobs, MachinesWithTasks, type TaskEngine } from './machines-with-tasks.js';
import { madeFiles } from './made-files.js';
import { uploadAll } from './uploader.js';

const kinds: readonly FaultKind[] = [
  'kill',
  'restart',
  'stop',
  'cut',
  'cut from servers',
  'lose packets',
  'delay',
];
/** Between two looks at what is not as it will be, in milliseconds, and how many looks there are: some two minutes. */
const [lookMs, mostLooks] = [500, 240];

/** Files are uploaded and worked on while gateways, workers, servers of engines and links fail; a file is two operations. */
export async function tasksRun(settings: Settings, engine: string, kind: TaskEngine): Promise<Report> {
  if (settings.minutes !== undefined)
    throw new Error('The suite tasks ends with its files: give operations, not minutes.');
  const files = await madeFiles(seeded(settings.seed + 1), Math.ceil(settings.operations / 2));
  const accepted: Accepted[] = [];
  const surprises: string[] = [];
  const uploaded: { readonly name: string; readonly task: string }[] = [];
  const listings: SeenTask[][] = [];
  const onSurprise = (what: string) => void surprises.push(what);
  const all = await MachinesWithTasks.open(kind, {
    onSurprise,
    onWorkerLine: (worker, line) => {
      const { message, task } = lineOf(line);
      if (message === 'a task is done' && task !== undefined) accepted.push({ worker, task });
    },
    onGatewayLine: (gateway, line) => {
      if (isFailure(line)) onSurprise(`${gateway} said ${line}`);
    },
  });
  try {
    const { desks, machines, targets } = all;
    const [desk = noDesk()] = desks;
    const missing = new Map([...machines.missing].filter(([each]) => kinds.includes(each)));
    const settled = async ({ kind: what, target }: Injected) => {
      if (!/^(kill|restart) gateway/.test(what)) return;
      const index = [...all.gateways.keys()].indexOf(target);
      listings.push(await listEnded(desks[index] ?? desk));
    };
    const random = seeded(settings.seed);
    const schedule: ScheduleOptions = { every: 15, lastsMs: [200, 1.7 * kind.leaseMs] };
    const runner = new FaultRunner({ random, targets, schedule, only: kinds, missing, settled });
    const tally = new Tally(settings, (ending) => runner.operated(ending));
    let ended = 0;
    let tell: () => void = () => {};
    const allEnded = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const onEnded = (now: number) => {
      for (; ended < now; ended += 1) tally.count(monotonicMs(), 'acknowledged');
      if (ended >= files.length) tell();
    };
    const following = desks.map((each) => followEnded(each, () => tally.isBroken, onEnded));
    const uploading = uploadAll(files, {
      ...{ desks, tally, onSurprise },
      ended: () => ended,
      onUploaded: (one) => void uploaded.push(one),
    });
    const failed = Promise.race([runner.failed, tally.stalled, ...desks.map((each) => each.failed)]);
    try {
      await Promise.race([Promise.all([uploading, allEnded]), failed]);
    } finally {
      tally.breakOff();
      await runner.end();
      await uploading;
    }
    const end = await aftermath(all, desk);
    await Promise.all(following);
    const known = files.map(({ bytes: _, ...file }) => file);
    const history: History = { files: known, uploaded, accepted, listings, surprises, ...end };
    const run = { suite: 'tasks', engine, machines: machines.where };
    return tally.report(run, runner.injected, missing, checkHistory(history));
  } finally {
    await all.close();
  }
}

async function listEnded(desk: Caller): Promise<SeenTask[]> {
  return [...(await listTasks(desk, 'done')), ...(await listTasks(desk, 'failed'))];
}

/** What is there when all is over. Ends the workers and the gateways as operators would. */
async function aftermath(
  all: MachinesWithTasks,
  desk: Caller,
): Promise<Omit<History, 'files' | 'uploaded' | 'accepted' | 'listings' | 'surprises'>> {
  // a message whose delivery was lost comes again, and finds its task done
  const queue = await settled(
    () => readQueue(desk),
    ({ ready, delayed, leased }) => ready + delayed + leased === 0,
  );
  await all.stopWorkers();
  const [first, ...others] = [...all.gateways.values()];
  for (const gateway of others) await gateway.stop();
  // what was broken off is put right by the next start
  await first?.restart();
  const final = await listTasks(desk);
  const progress = await readProgress(desk);
  const downloads = new Map<string, string>();
  for (const { id, state } of final) if (state === 'done') downloads.set(id, await downloadHash(desk, id));
  const needed = new Set(final.flatMap(({ original, result }) => [original?.hash, result?.hash]));
  const isShared = others.length > 0;
  const isRight = ({ hashes, removed }: HeldBlobs) =>
    removed === 0 && hashes.every((hash) => needed.has(hash));
  // of several gateways one puts right what is left over, beside all else
  const blobs = isShared ? await settled(() => all.heldBlobs(), isRight) : undefined;
  for (const each of all.desks) await each.kill();
  await first?.stop();
  const { hashes, removed } = blobs ?? (await all.heldBlobs());
  const nobodys = Array.from({ length: removed }, (_, index) => `of nobody ${index + 1}`);
  return { final, progress, queue, downloads, blobs: [...hashes, ...nobodys], orphans: await all.orphans() };
}

/** What is read, when it is as it will be, or when that is not waited for any more. */
async function settled<Read>(look: () => Promise<Read>, isSettled: (read: Read) => boolean): Promise<Read> {
  for (let looks = 1; ; looks += 1) {
    const read = await look();
    if (isSettled(read) || looks === mostLooks) return read;
    await wait(lookMs);
  }
}

/** What a process said; a kill may cut its last line, and not all lines are JSON. */
function lineOf(line: string): {
  readonly message?: string;
  readonly task?: string;
  readonly level?: unknown;
} {
  if (!line.startsWith('{') || !line.endsWith('}')) return {};
  return JSON.parse(line) as { message?: string; task?: string; level?: unknown };
}

/** Whether a line tells of what must not happen, whatever fails: an error of the gateway's own. */
function isFailure(line: string): boolean {
  const { level } = lineOf(line);
  return level === undefined || level === 'error' || level === 'fatal' || Number(level) >= 50;
}

function noDesk(): never {
  throw new Error('There is no desk.');
}
