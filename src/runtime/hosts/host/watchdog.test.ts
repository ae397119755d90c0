import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { processFacts } from '../../process/process-start.js';
import type { InstanceRecord } from '../../service.js';
import { Watchdog } from './watchdog.js';

const logger = { warn: () => undefined, error: () => undefined };
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** An instance that serves until it is killed, in a group of its own as the runtime has them. */
async function instance(
  id: string,
): Promise<{ record: InstanceRecord; child: ChildProcess; ended: Promise<unknown> }> {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
  started.push(child);
  const pid = child.pid ?? 0;
  const processStart = (await processFacts(pid))?.start ?? '';
  const about = { id, service: 'worker', slot: 0, generation: 1, host: 'h1', restarts: 0 } as const;
  const record = {
    ...about,
    pid,
    processStart,
    state: 'ready',
    startedAt: '2026-01-31T12:00:00.000Z',
  } as const;
  return { record, child, ended: once(child, 'exit') };
}

it('kills the instances that it knows of when their time has come, and no others', async () => {
  const watchdog = new Watchdog(logger);
  const [kept, late] = [await instance('worker-0-a'), await instance('worker-1-b')];
  watchdog.watch([kept.record, late.record], 600_000);
  watchdog.watch([late.record], 0);
  expect(await late.ended).toEqual([null, 'SIGKILL']);
  expect(kept.child.signalCode).toBe(null);
  watchdog.watch([], 600_000);
  await watchdog.close();
  expect(kept.child.signalCode).toBe(null);
});

it('kills what it knows of when the host is gone', async () => {
  const watchdog = new Watchdog(logger);
  const one = await instance('worker-0-a');
  watchdog.watch([one.record], 600_000);
  await watchdog.close();
  expect(await one.ended).toEqual([null, 'SIGKILL']);
});

it('goes by the last word about the time, and kills nobody who took the number of a process that was meant', async () => {
  const watchdog = new Watchdog(logger);
  const [other, late] = [await instance('worker-0-a'), await instance('worker-1-b')];
  watchdog.watch([{ ...other.record, processStart: 'another boot' }, late.record], 600_000);
  watchdog.watch([{ ...other.record, processStart: 'another boot' }, late.record], 0);
  await late.ended;
  expect(other.child.signalCode).toBe(null);
  await watchdog.close();
});
