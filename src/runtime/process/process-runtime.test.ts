import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noCaps, probeCaps } from '../../kernel/caps/index.js';
import { ManualClock } from '../../kernel/clock/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import { until, untilReady } from '../conformance/harness.js';
import type { LogLine } from '../logs/log-line.js';
import type { Runtime } from '../runtime.js';
import type { ServiceInput } from '../service.js';
import { openMadeRuntime } from './made-runtime.js';
import type { ProcessRuntimeOptions } from './options.js';

const support = await probeCaps();
let clock: ManualClock;
let folder: string;
let state: State;
let runtime: Runtime;

beforeEach(async () => {
  clock = new ManualClock();
  folder = mkdtempSync(join(tmpdir(), 'starling-process-'));
  state = await openLocalState({ folder: join(folder, 'state'), clock });
});

afterEach(async () => {
  await runtime.close();
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(more: Partial<ProcessRuntimeOptions> = {}): Promise<void> {
  runtime = await openMadeRuntime({ state, folder: join(folder, 'services'), clock, ...more });
}

const declare = (script: string, more: Partial<ServiceInput> = {}) =>
  runtime.declare([{ name: 'worker', command: ['sh', '-c', script], readiness: 'line', ...more }], {
    source: 'test',
  });

async function lines(): Promise<string[]> {
  const found: LogLine[] = [];
  for await (const line of await runtime.logs('worker', {})) found.push(line);
  return found.map(({ text }) => text);
}

const isThere = (pid: number) => existsSync(`/proc/${pid}`);

describe('an instance', () => {
  it('knows of our environment only what it is to know', async () => {
    const environment = { PATH: process.env.PATH, TZ: 'UTC', HOME: '/root', STARLING_TOKEN: 'x', KEY: 'y' };
    await open({ environment });
    await declare('env; echo ready; exec sleep 1000', { environment: { SIZE: '3' } });
    const [one] = (await untilReady(runtime, 'worker', 1)).instances;
    const work = join(folder, 'services', 'instances', one?.id ?? '', 'work');
    const variables = (await lines()).filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(variables.sort()).toEqual([
      `PATH=${process.env.PATH}`,
      'SIZE=3',
      `STARLING_INSTANCE=${one?.id}`,
      'STARLING_SERVICE=worker',
      'STARLING_URL=http://127.0.0.1:8080',
      `TMPDIR=${work}`,
      'TZ=UTC',
    ]);
    expect(readdirSync(work)).toEqual([]);
    await runtime.scale('worker', 0, { because: 'enough' });
    await until(runtime, 'worker', ({ instances }) => instances.length === 0);
    expect(readdirSync(join(folder, 'services', 'instances'))).toEqual([]);
  });

  it.each([
    ['by the environment of this process', 'ca.crt', undefined],
    ['in the place of that', 'other.crt', 'ca.crt'],
  ])('is told whom to believe over TLS, wherever it works, %s', async (_, from, given) => {
    const environment = { PATH: process.env.PATH, STARLING_CA: from };
    await open(given === undefined ? { environment } : { environment, authorities: given });
    await declare('echo "$STARLING_CA $NODE_EXTRA_CA_CERTS"; echo ready; exec sleep 1000');
    await untilReady(runtime, 'worker', 1);
    const authority = join(process.cwd(), 'ca.crt');
    expect(await lines()).toEqual([`${authority} ${authority}`]);
  });

  it.skipIf(process.platform !== 'linux')('has no file of ours open', async () => {
    await open();
    await declare('echo ready; exec sleep 1000');
    const [one] = (await untilReady(runtime, 'worker', 1)).instances;
    const names = readdirSync(`/proc/${one?.pid}/fd`).map((name) =>
      readlinkSync(`/proc/${one?.pid}/fd/${name}`),
    );
    expect(names.filter((name) => name.startsWith(folder))).toEqual([]);
    expect(names.some((name) => name.endsWith('data.mdb'))).toBe(false);
  });

  it('has a token of its own, which is replaced before it ends', async () => {
    let minted = 0;
    let renewed = () => {};
    const again = new Promise<void>((resolve) => {
      renewed = resolve;
    });
    const mint = async ({ service, id }: { service: string; id: string }) => {
      minted += 1;
      if (minted === 2) renewed();
      return { token: `token ${minted} of ${id}, ${service}`, ttlMs: 60_000 };
    };
    await open({ mint });
    await declare('cat "$STARLING_TOKEN_FILE"; echo; echo ready; exec sleep 1000');
    const [one] = (await untilReady(runtime, 'worker', 1)).instances;
    expect(await lines()).toEqual([`token 1 of ${one?.id}, worker`]);
    expect(minted).toBe(1);
    clock.advance(30_000);
    await again;
    expect(minted).toBe(2);
  });

  it('is found to hang where it gives no sign of life, and is replaced', async () => {
    await open();
    await declare('echo ready; echo alive; exec sleep 1000', { heartbeatSeconds: 5 });
    const [one] = (await untilReady(runtime, 'worker', 1)).instances;
    process.kill(one?.pid ?? 0, 'SIGSTOP');
    clock.advance(5_000);
    const { instances } = await until(
      runtime,
      'worker',
      ({ instances: [first] }) => first?.state === 'ended',
    );
    expect(instances[0]?.cause).toBe('killed: gave no sign of life for 5 s; ended by SIGKILL');
    clock.advance(500);
    const [next] = (await untilReady(runtime, 'worker', 1)).instances;
    expect(next?.restarts).toBe(1);
    expect(await lines()).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('takes all that it started with it', async () => {
    await open();
    await declare('sleep 1000 & echo $!; echo ready; wait');
    const [one] = (await untilReady(runtime, 'worker', 1)).instances;
    const [started = ''] = await lines();
    expect(isThere(Number(started))).toBe(true);
    process.kill(one?.pid ?? 0, 'SIGKILL');
    await until(runtime, 'worker', ({ instances: [first] }) => first?.state === 'ended');
    expect(readStatus(Number(started))).toMatch(/gone|Z/);
  });

  it.skipIf(!support.limits)('cannot take more memory than its limit', async () => {
    await open();
    const script = "const all = []; for (;;) all.push(Buffer.alloc(16e6, 1)); console.log('never')";
    await runtime.declare(
      [{ name: 'worker', command: [process.execPath, '-e', script], limits: { memoryMegabytes: 300 } }],
      { source: 'test' },
    );
    const { instances } = await until(
      runtime,
      'worker',
      ({ instances: [first] }) => first?.state === 'ended',
    );
    expect(instances[0]?.cause).toMatch(/^ended (by SIG|with status)/);
    expect(await lines()).not.toContain('never');
  });

  it.each([
    ['under caps', support],
    ['without any', noCaps],
  ])('that cannot be started says why, and waits, %s', async (_how, caps) => {
    await open({ support: caps });
    await runtime.declare([{ name: 'worker', command: ['no-such-program'] }], { source: 'test' });
    const { instances } = await until(
      runtime,
      'worker',
      ({ instances: [first] }) => first?.state === 'ended',
    );
    expect(instances[0]?.cause).toMatch(/no such command|cannot be started/);
    expect(instances).toHaveLength(1);
    expect(Date.parse(instances[0]?.retryAt ?? '') - clock.wallTime()).toBe(500);
    await expect(
      runtime.declare([{ name: 'other', command: { program: 'none' } }], { source: 'test' }),
    ).rejects.toMatchObject({ code: 'configuration-invalid' });
    await expect(
      runtime.declare([{ name: 'other', command: ['a\0b'] }], { source: 'test' }),
    ).rejects.toMatchObject({ code: 'configuration-invalid' });
  });

  it('of a program of our own runs what the program is', async () => {
    await open({ programs: { greeter: () => ['sh', '-c', 'echo hello; echo ready; exec sleep 1000'] } });
    await runtime.declare([{ name: 'worker', command: { program: 'greeter' }, readiness: 'line' }], {
      source: 'test',
    });
    await untilReady(runtime, 'worker', 1);
    expect(await lines()).toEqual(['hello']);
  });
});

it('puts its records back where its lease lapsed', async () => {
  await open({ leaseMs: 6_000 });
  await declare('echo ready; exec sleep 1000');
  const { instances } = await untilReady(runtime, 'worker', 1);
  const watch = state.watch('instances/')[Symbol.asyncIterator]();
  // as where this process was stopped for longer than its lease
  const entry = (await state.list('instances/')).entries[0];
  const lease = await state.resumeLease(entry?.lease ?? '');
  await lease.revoke();
  expect((await watch.next()).value?.changes).toMatchObject([{ type: 'delete' }]);
  clock.advance(2_000);
  expect((await watch.next()).value?.changes).toMatchObject([
    { type: 'put', entry: { value: instances[0] } },
  ]);
  await watch.return?.();
});

function readStatus(pid: number): string {
  if (!isThere(pid)) return 'gone';
  return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'unknown';
}
