import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { InstanceRecord } from '../service.js';
import { killLeftBehind } from './left-behind.js';
import { processFacts } from './process-start.js';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function started(id: string) {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true, env: { STARLING_INSTANCE: id } });
  children.push(child);
  const exit = once(child, 'exit');
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { child, pid, exit, start: (await processFacts(pid))?.start ?? '' };
}

const record = (more: Partial<InstanceRecord>): InstanceRecord => ({
  id: 'worker-0-aa',
  service: 'worker',
  slot: 0,
  generation: 1,
  host: 'here',
  state: 'ready',
  startedAt: '2026-01-31T12:00:00.000Z',
  restarts: 0,
  ...more,
});

describe('killLeftBehind', () => {
  it('kills the process that is on record', async () => {
    const { exit, pid, start } = await started('another');
    expect(await killLeftBehind([record({ pid, processStart: start })])).toEqual([pid]);
    expect((await exit)[1]).toBe('SIGKILL');
  });

  it('leaves a later process with the same id alone', async () => {
    const { child, pid } = await started('another');
    expect(await killLeftBehind([record({ pid, processStart: 'some other time' })])).toEqual([]);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    expect(await processFacts(pid)).toBeDefined();
  });

  it.skipIf(process.platform !== 'linux')(
    'finds what an instance left by its environment, also where no process was on record yet',
    async () => {
      const left = await started('worker-0-bb');
      const other = await started('worker-0-bbb');
      expect(await killLeftBehind([record({ id: 'worker-0-bb' })])).toEqual([left.pid]);
      expect((await left.exit)[1]).toBe('SIGKILL');
      expect(await processFacts(other.pid)).toBeDefined();
    },
  );

  it('has nothing to do with what is gone, or where nothing is on record', async () => {
    expect(await killLeftBehind([])).toEqual([]);
    expect(await killLeftBehind([record({ pid: 2 ** 22 + 1, processStart: 'x' })])).toEqual([]);
  });
});
