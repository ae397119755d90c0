import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endless, type HostileParty, hostileSizes, openHostileParty } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty({ ...hostileSizes, queue: 1 });
});
afterAll(() => party.close());

const quick = 'SELECT count(*) AS n FROM Personen';
const linux = existsSync('/proc/self/fd');

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
    const hold = () =>
      new Promise<{ ended: Promise<unknown> }>((taken) => {
        const ended = party.pool.run(party.order(endless), {
          signal: stop.signal,
          onStart: () => taken({ ended }),
        });
      });
    const working = await Promise.all([hold(), hold()]);
    const waiting = party.pool.run(party.order(endless), { signal: stop.signal });
    const settled = Promise.allSettled([...working.map(({ ended }) => ended), waiting]);
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
