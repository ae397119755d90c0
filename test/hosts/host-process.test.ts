import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { probeCaps } from '../../src/kernel/caps/index.js';
import { type MadeServer, openMadeServer } from '../../src/kernel/made-server/index.js';
import { until, untilReady } from '../../src/runtime/conformance/harness.js';
import type { InstanceRecord } from '../../src/runtime/index.js';
import { formOf, type UploadAnswer, upload } from '../tasks/tasks-gateway.js';
import { openTwoGateways, type TwoGateways } from './two-gateways.js';

const { endsWithParent } = await probeCaps();
if (!endsWithParent)
  console.log('skipped: processes of this machine do not end with their parent (no setpriv)');

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const worker = fileURLToPath(new URL('holding-worker.mjs', import.meta.url));

let both: TwoGateways;
/** Workers that ask whether to go on, by the instance. */
const asking = new Map<string, ServerResponse>();
const asked = new EventEmitter();
let gate: MadeServer;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  both = await openTwoGateways({ hostLeaseMs: 4_000, taskLeaseMs: 2_000 });
  gate = await openMadeServer(({ url = '' }, response) => {
    asking.set(url.slice(1), response);
    asked.emit('asked');
  });
});

afterEach(async () => {
  for (const child of processes.splice(0)) {
    const exit = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await exit;
    }
  }
  await gate.close();
  asking.clear();
  await both.close();
});

/** Starts a host as a process of its own; `connected` waits for the next time that it says so. */
async function startHost(name: string) {
  const urls = [both.first.url, both.second.url];
  const words = ['--name', name, '--capacity', '4', '--gateway', ...urls, '--data', join(both.folder, name)];
  const child = spawn(process.execPath, [program, 'serve', 'host', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  processes.push(child);
  const lines = createInterface({ input: child.stdout });
  const says = async (words: string) => {
    for (;;) {
      const [line] = (await once(lines, 'line')) as [string];
      if (line.includes(words)) return;
    }
  };
  await says('Connection     connected');
  return { child, says };
}

const declare = () =>
  both.first.runtime.declare(
    [
      {
        name: 'worker',
        command: [process.execPath, worker],
        environment: { GATE: gate.url },
        readiness: 'line',
        graceSeconds: 1,
      },
    ],
    { source: 'test' },
  );

/** Starts a host, and resolves when the one instance of the worker is ready there; `host` and `pid` are their processes. */
async function startWithWorker(name: string) {
  const { child, says } = await startHost(name);
  await declare();
  const [instance] = (await untilReady(both.first.runtime, 'worker', 1)).instances;
  if (instance?.pid === undefined || child.pid === undefined) throw new Error('it has no process');
  expect(instance.host).toBe(name);
  return { host: child.pid, says, id: instance.id, pid: instance.pid };
}

const isOn = (host: string) => (one: InstanceRecord | undefined) =>
  one?.host === host && one.state === 'ready';

async function asks(instance: string): Promise<ServerResponse> {
  for (;;) {
    const response = asking.get(instance);
    if (response !== undefined) return response;
    await once(asked, 'asked');
  }
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

it.skipIf(!endsWithParent)(
  'has what a killed host kept ready elsewhere, and takes the host back under its name',
  async () => {
    const before = await startWithWorker('h1');
    await startHost('h2');
    process.kill(before.host, 'SIGKILL');
    const { instances } = await until(
      both.first.runtime,
      'worker',
      ({ instances: [one, ...others] }) => others.length === 0 && isOn('h2')(one),
    );
    expect(instances[0]?.id).not.toBe(before.id);
    expect(isRunning(before.pid)).toBe(false);
    expect((await both.second.hosts.list()).map(({ name, state }) => [name, state])).toEqual([
      ['h1', 'gone'],
      ['h2', 'open'],
    ]);
    await startHost('h1');
    expect((await both.second.hosts.list()).map(({ name, state }) => [name, state])).toEqual([
      ['h1', 'open'],
      ['h2', 'open'],
    ]);
    // what runs well stays where it is
    expect((await both.first.runtime.service('worker')).instances).toEqual(instances);
  },
  90_000,
);

it.skipIf(!endsWithParent)(
  'kills what a host kept that was stopped past its lease, before it does anything else, and counts none of its late work',
  async () => {
    const { runtime } = both.first;
    const stopped = await startWithWorker('h1');
    const form = formOf({ filter: 'keep', batch: 'b1' }, { 'a.png': 'bytes' });
    const { body } = await upload<UploadAnswer>(both.first, form);
    const task = body.files[0]?.task ?? '';
    const late = await asks(stopped.id);
    await startHost('h2');

    // as a machine that is paused: neither the host nor its instance knows how long it was
    process.kill(stopped.host, 'SIGSTOP');
    process.kill(stopped.pid, 'SIGSTOP');
    const { instances } = await until(
      runtime,
      'worker',
      ({ instances: [one, ...others] }) => others.length === 0 && isOn('h2')(one),
    );
    const after = instances[0]?.id ?? '';
    (await asks(after)).end();
    for await (const { counts } of both.tasks.watchProgress({}, new AbortController().signal))
      if (counts.done === 1) break;

    // what it waited for comes while it is stopped, so that it hands in as soon as it runs
    late.end();
    const connected = stopped.says('Connection     connected');
    process.kill(stopped.pid, 'SIGCONT');
    process.kill(stopped.host, 'SIGCONT');
    await connected;
    expect(isRunning(stopped.pid)).toBe(false);
    const { stream } = await both.tasks.read(task, 'result');
    expect(await text(stream)).toBe(after);
    const done = await both.tasks.get(task);
    expect(done.state).toBe('done');
    expect((await runtime.service('worker')).instances.map(({ id, host }) => [id, host])).toEqual([
      [after, 'h2'],
    ]);
  },
  90_000,
);

it.skipIf(!endsWithParent)(
  'ends what a host kept that alone is stopped, before that begins elsewhere, and takes the host back',
  async () => {
    const { runtime } = both.first;
    const stopped = await startWithWorker('h1');
    await startHost('h2');
    const connected = stopped.says('Connection     connected');
    process.kill(stopped.host, 'SIGSTOP');
    // as soon as another one is on record
    const { instances } = await until(runtime, 'worker', (service) =>
      service.instances.some(({ host }) => host === 'h2'),
    );
    expect(instances.map(({ host }) => host)).toEqual(['h2']);
    expect(isRunning(stopped.pid)).toBe(false);
    await until(runtime, 'worker', (service) => isOn('h2')(service.instances[0]));
    process.kill(stopped.host, 'SIGCONT');
    await connected;
    expect((await runtime.service('worker')).instances.map(({ host }) => host)).toEqual(['h2']);
  },
  90_000,
);
