import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/clock/index.js';
import { openLocalState, type State } from '../../src/kernel/state/index.js';
import { endless, type HostileParty, hostileSizes, openHostileParty } from './hostile-party.js';

let folder: string;
let state: State;
let party: HostileParty;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-processes-'));
  // opened before the pool starts, so that its processes could inherit it
  state = await openLocalState({ folder, clock: systemClock });
  party = await openHostileParty({ ...hostileSizes, queue: 1 });
});
afterAll(async () => {
  await party.close();
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const quick = 'SELECT count(*) AS n FROM Personen';
const linux = existsSync('/proc/self/fd');

/** What the descriptors of a process are open on. */
function openFiles(process: number | 'self'): string[] {
  return readdirSync(`/proc/${process}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${process}/fd/${descriptor}`)];
    } catch {
      // the listing's own descriptor is closed by now
      return [];
    }
  });
}

describe('a run that is killed', () => {
  it('fails by itself: its pool goes on, and so does the run beside it', async () => {
    const before = new Set(party.pool.warmProcesses());
    let beside: Promise<unknown> = Promise.resolve();
    const killed = party.pool.run(party.order(endless), {
      onPhase: (phase) => {
        if (phase !== 'execute') return;
        const waiting = new Set(party.pool.warmProcesses());
        beside = party.rows(quick);
        for (const pid of before) if (!waiting.has(pid)) process.kill(pid, 'SIGKILL');
      },
    });
    await expect(killed).rejects.toMatchObject({ code: 'run-died' });
    expect(await beside).toEqual({ rows: [{ n: 120 }] });
    expect(await party.rows(quick)).toEqual({ rows: [{ n: 120 }] });
  });
});

describe('a pool that is full', () => {
  it('refuses the next at once, and is as good as before when those who hold it give up', async () => {
    const stop = new AbortController();
    const held = [0, 1, 2].map(() => party.pool.run(party.order(endless), { signal: stop.signal }));
    const settled = Promise.allSettled(held);
    const refused = party.pool.run(party.order(quick));
    // the three that hold the pool have not ended: the refusal waited for none of them
    const first = await Promise.race([settled, refused.catch((error: unknown) => error)]);
    expect(first).toMatchObject({
      code: 'pool-exhausted',
      details: { max: 2, queue: 1, retryAfterSeconds: 1 },
    });
    expect(party.pool.status()).toMatchObject({ refused: 1 });
    stop.abort();
    const codes = (await settled).map((one) => (one.status === 'rejected' ? one.reason.code : 'answered'));
    expect(codes).toEqual(['request-cancelled', 'request-cancelled', 'request-cancelled']);
    expect(await party.rows(quick)).toEqual({ rows: [{ n: 120 }] });
  });

  it('starts nothing for a request that was cancelled before', async () => {
    const run = party.pool.run(party.order(quick), { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'request-cancelled' });
  });
});

describe.skipIf(!linux)('a process of a pool', () => {
  it('has no network of the machine', async (context) => {
    if (!party.support.noNetwork)
      context.skip('this machine does not permit unshare, so runs keep its network');
    await party.rows(quick);
    const network = (process: number | 'self') => readlinkSync(`/proc/${process}/ns/net`);
    for (const pid of party.pool.warmProcesses()) expect(network(pid)).not.toBe(network('self'));
  });

  it('has none of the files that its parent has open, and no environment', async () => {
    expect(openFiles('self').filter((file) => file.endsWith('.mdb'))).not.toEqual([]);
    await party.pool.start();
    const processes = party.pool.warmProcesses();
    expect(processes.length).toBeGreaterThan(0);
    for (const pid of processes) {
      const files = openFiles(pid).filter((file) => file.startsWith('/') && !file.startsWith('/dev/'));
      expect(new Set(files)).toEqual(new Set([party.database]));
      const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((entry) => entry.split('=')[0]);
      expect(
        names.filter((name) => name !== '' && name !== 'PATH' && !name?.startsWith('NODE_CHANNEL')),
      ).toEqual([]);
    }
  });

  it('may write no file and use no more memory than its cap', async (context) => {
    if (!party.support.limits) context.skip('this machine has no prlimit, so runs are only watched');
    await party.pool.start();
    const [pid = 0] = party.pool.warmProcesses();
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max file size +0 +0 /m);
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(limits).toMatch(/^Max data size +756000000 +756000000 /m);
    expect(limits).toMatch(/^Max cpu time +80 +80 /m);
  });
});

describe('a daemon that is killed', () => {
  it('leaves none of its runs behind', async () => {
    const program = resolve(import.meta.dirname, 'hostile-daemon.mjs');
    const task = JSON.stringify({ sizes: hostileSizes, order: party.order(endless) });
    const daemon = spawn(process.execPath, [program, task], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    const pipe = daemon.stdio[3] as Readable;
    const gone = once(pipe.resume(), 'close');
    const lines = createInterface({ input: daemon.stdout as Readable });
    const [line] = (await once(lines, 'line')) as [string];
    const processes: number[] = JSON.parse(line);
    expect(processes).toHaveLength(2);
    if (linux) {
      const pipeOf = (pid: number, descriptor: number) => readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      const held = processes.map((pid) => pipeOf(pid, 5));
      expect(new Set(held)).toEqual(new Set([pipeOf(daemon.pid ?? 0, 3)]));
    }
    daemon.kill('SIGKILL');
    // comes when the last process that holds the other end is gone
    await gone;
  });
});
