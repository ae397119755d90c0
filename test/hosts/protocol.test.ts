import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostLink } from '../../src/cli/client/host-link.js';
import { probeCaps } from '../../src/kernel/caps/index.js';
import { systemClock as clock } from '../../src/kernel/clock/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { until, untilReady } from '../../src/runtime/conformance/harness.js';
import {
  type HostOptions,
  type HostOrders,
  type HostStatus,
  type InstanceRecord,
  openHost,
  type RunningHost,
} from '../../src/runtime/index.js';
import type { JsonObject } from '../gateway/documented-call.js';
import { openTwoGateways, type TwoGateways } from './two-gateways.js';

const support = await probeCaps();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const serves = ['sh', '-c', "trap 'exit 0' TERM; echo hello; echo ready; sleep 1000 & wait"];

let both: TwoGateways;
const hosts: RunningHost[] = [];

beforeEach(async () => {
  both = await openTwoGateways();
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  await both.close();
});

const linkTo = (...urls: string[]) => new HostLink({ urls, clock });
const registration = (more: object = {}) => ({
  capacity: 2,
  identity: 'a-secret-of-the-first-host',
  life: 'its-first-process',
  version: '1',
  wallTime: clock.wallTime(),
  ...more,
});
const instance = (id: string, more: Partial<InstanceRecord> = {}): InstanceRecord => ({
  id,
  service: 'worker',
  slot: 0,
  generation: 1,
  host: 'h1',
  state: 'ready',
  startedAt: '2026-01-31T12:00:00.000Z',
  restarts: 0,
  ...more,
});
const report = (lease: string, sequence: number, more: object = {}) => ({
  ...{ lease, sequence, changed: [], gone: [] },
  ...more,
});

async function idsOnRecord(): Promise<string[]> {
  const { entries } = await both.state.list('instances/');
  return entries.map(({ key }) => key);
}

describe('a host', () => {
  it('registers at one gateway, and reports to the other', async () => {
    const { lease, leaseMs } = await linkTo(both.first.url).register('h1', registration());
    expect(leaseMs).toBe(60_000);
    const changed = [instance('worker-0-a'), instance('worker-1-b', { slot: 1 })];
    const at = linkTo(both.second.url);
    expect(await at.report('h1', report(lease, 1, { changed }))).toEqual({ lease, leaseMs });
    expect(await idsOnRecord()).toEqual(['instances/worker/worker-0-a', 'instances/worker/worker-1-b']);
    const gone = [{ service: 'worker', id: 'worker-0-a' }];
    await at.report('h1', report(lease, 2, { gone }));
    expect(await idsOnRecord()).toEqual(['instances/worker/worker-1-b']);
    await at.leave('h1', lease);
    expect(await idsOnRecord()).toEqual([]);
  });

  it('cannot undo by a report that comes late what a later one said', async () => {
    const at = linkTo(both.first.url);
    const { lease } = await at.register('h1', registration());
    await at.report('h1', report(lease, 2, { changed: [instance('worker-0-new')] }));
    const late = report(lease, 1, { changed: [instance('worker-0-old')] });
    await expectError(linkTo(both.second.url).report('h1', late), 'revision-conflict');
    expect(await idsOnRecord()).toEqual(['instances/worker/worker-0-new']);
  });

  it('is refused under the name of another, and takes its own name again', async () => {
    const at = linkTo(both.first.url);
    const earlier = await at.register('h1', registration());
    await at.report('h1', report(earlier.lease, 1, { changed: [instance('worker-0-a')] }));
    const other = registration({ identity: 'a-secret-of-quite-another' });
    const refused = await expectError(linkTo(both.second.url).register('h1', other), 'name-taken');
    expect(refused.message).toContain('until 60 s after it was last heard of');
    expect(refused.message).toContain('another name with --name');
    expect(refused.details).toEqual({ host: 'h1', leaseMs: 60_000 });
    const again = await linkTo(both.second.url).register('h1', registration());
    expect(again.lease).not.toBe(earlier.lease);
    // what it told of in its life before is gone with that
    expect(await idsOnRecord()).toEqual([]);
    await expectError(at.report('h1', report(earlier.lease, 2)), 'lease-lapsed');
    await at.report('h1', report(again.lease, 1));
  });

  it.each([
    ['a negative capacity', 'h1', { capacity: -1 }, 'input-invalid'],
    ['no place', 'h1', { capacity: 0 }, 'input-invalid'],
    ['half a place', 'h1', { capacity: 1.5 }, 'input-invalid'],
    ['a name that is none', 'H 1', {}, 'input-invalid'],
    ['a clock that is ahead', 'h1', { wallTime: clock.wallTime() + 600_000 }, 'clock-skewed'],
    ['a clock that is behind', 'h1', { wallTime: 0 }, 'clock-skewed'],
  ] as const)('with %s is refused', async (_what, name, more, code) => {
    await expectError(linkTo(both.first.url).register(name, registration(more)), code);
    expect((await both.state.list('hosts')).entries).toEqual([]);
  });

  it('has its lines taken once, though it sends them again under another lease, until it is another process', async () => {
    await declare(1);
    const at = linkTo(both.first.url);
    const line = (sequence: number, text: string) =>
      ({
        sequence,
        time: '2026-01-31T12:00:00.000Z',
        instance: 'worker-0-a',
        stream: 'stdout',
        text,
      }) as const;
    const earlier = await at.register('h1', registration());
    await at.log('h1', earlier.lease, 'worker', [line(1, 'one'), line(2, 'two')]);
    const later = await at.register('h1', registration());
    await at.log('h1', later.lease, 'worker', [line(2, 'two'), line(3, 'three')]);
    const restarted = await at.register('h1', registration({ life: 'its-second-process' }));
    await at.log('h1', restarted.lease, 'worker', [line(3, 'another three')]);
    const texts: string[] = [];
    for await (const { text } of await both.second.runtime.logs('worker', {})) texts.push(text);
    expect(texts).toEqual(['one', 'two', 'three', 'another three']);
  });

  it('whose lease was given away is told so whatever it says', async () => {
    const at = linkTo(both.first.url);
    const { lease } = await at.register('h1', registration());
    const following = at.orders('h1', lease, new AbortController().signal);
    expect((await following.next()).value).toEqual({ removed: false, services: [] });
    await (await both.state.resumeLease(lease)).revoke();
    expect((await following.next()).done).toBe(true);
    await expectError(at.report('h1', report(lease, 1)), 'lease-lapsed');
    await expectError(at.orders('h1', lease, new AbortController().signal).next(), 'lease-lapsed');
    await expectError(at.token('h1', lease, { service: 'worker', id: 'worker-0-a' }), 'lease-lapsed');
    await expectError(at.log('h1', lease, 'worker', []), 'lease-lapsed');
    await expectError(at.leave('h1', lease), 'lease-lapsed');
  });

  it('is told by either gateway what it is to keep, and gets tokens for that alone', async () => {
    const at = linkTo(both.second.url);
    const { lease } = await at.register('h1', registration());
    const enough = new AbortController();
    const told: HostOrders[] = [];
    const following = (async () => {
      for await (const orders of at.orders('h1', lease, enough.signal)) {
        told.push(orders);
        if (!orders.removed && orders.services.length === 1) enough.abort();
      }
    })();
    await both.first.runtime.declare([{ name: 'worker', command: ['true'], replicas: { desired: 3 } }], {
      source: 'test',
    });
    await following;
    const last = told.at(-1);
    expect(last?.removed === false && last.services[0]?.slots).toEqual([
      { slot: 0, generation: 1 },
      { slot: 1, generation: 1 },
    ]);
    expect((await both.second.runtime.service('worker')).waiting).toEqual([
      { slot: 2, because: 'every open host is full; together they have 2 places' },
    ]);
    const id = 'worker-0-a';
    expect(await at.token('h1', lease, { service: 'worker', id })).toEqual({
      token: 'token of worker-0-a',
      ttlMs: 600_000,
    });
    await expectError(at.token('h1', lease, { service: 'other', id: 'other-0-a' }), 'not-yours');
  });
});

/** A host that runs, with gateways in that order. */
async function running(name: string, ...urls: string[]): Promise<RunningHost> {
  return runningWith(logger, name, ...urls);
}

async function runningWith(
  logger: HostOptions['logger'],
  name: string,
  ...urls: string[]
): Promise<RunningHost> {
  const contract = linkTo(...urls);
  const host = await openHost({
    ...{ name, contract, clock, logger, support, capacity: 4, version: '1' },
    folder: join(both.folder, name),
    random: Math.random,
    url: () => contract.url,
    environment: process.env,
  });
  hosts.push(host);
  await host.start();
  return host;
}

/** Resolves when the host stands so. */
function untilStatus(host: RunningHost, isMeant: (status: HostStatus) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isMeant(host.status())) return;
      stop();
      resolve();
    };
    const stop = host.onChange(look);
    look();
  });
}

const declare = (desired: number) =>
  both.first.runtime.declare(
    [{ name: 'worker', command: serves, readiness: 'line', replicas: { desired } }],
    { source: 'test' },
  );

it('goes on with what runs when its gateway is gone, at the other one', async () => {
  await running('h1', both.first.url, both.second.url);
  await declare(1);
  const { runtime } = both.second;
  const [before] = (await untilReady(runtime, 'worker', 1)).instances;
  await both.first.close();
  await runtime.scale('worker', 2, { because: 'the other gateway says so' });
  const { instances } = await untilReady(runtime, 'worker', 2);
  expect(instances[0]).toEqual(before);
});

it('takes a name that another host had as soon as it is free, and says once until when it is not', async () => {
  const other = linkTo(both.second.url);
  const { lease } = await other.register('h1', registration());
  const warned: unknown[] = [];
  const warn = (fields: unknown) => warned.push(fields);
  const host = await runningWith({ ...logger, warn }, 'h1', both.first.url);
  await untilStatus(host, ({ error }) => error?.code === 'name-taken');
  await other.leave('h1', lease);
  await untilStatus(host, ({ state }) => state === 'connected');
  expect(warned).toEqual([
    { code: 'name-taken', reason: expect.stringContaining('until 60 s after it was last heard of') },
  ]);
});

it('shows what instances on hosts write at either gateway', async () => {
  await running('h1', both.first.url);
  await declare(1);
  const [one] = (await untilReady(both.first.runtime, 'worker', 1)).instances;
  for (const { runtime } of [both.first, both.second]) {
    const enough = new AbortController();
    for await (const line of await runtime.logs('worker', { follow: true, signal: enough.signal })) {
      expect(line).toMatchObject({ sequence: 1, instance: one?.id, text: 'hello', service: 'worker' });
      enough.abort();
    }
  }
});

it('is drained one instance after the other, and ends when it is removed', async () => {
  const first = await running('h1', both.first.url);
  await declare(2);
  const { runtime } = both.first;
  const before = (await untilReady(runtime, 'worker', 2)).instances.map(({ id }) => id);
  await running('h2', both.second.url);
  const refused = await both.second.call<JsonObject>('DELETE', '/api/v1/hosts/h1');
  expect(refused.body).toMatchObject({ code: 'host-in-use' });
  const drained = await both.second.call<JsonObject>('POST', '/api/v1/hosts/h1/drain', {
    body: { because: 'a new kernel' },
  });
  expect(drained.body).toMatchObject({ state: 'drained', because: 'drained over HTTP: a new kernel' });
  const serving = new Set<number>();
  await until(runtime, 'worker', ({ instances }) => {
    serving.add(new Set(instances.filter(({ state }) => state === 'ready').map(({ slot }) => slot)).size);
    return instances.length === 2 && instances.every(({ host, state }) => host === 'h2' && state === 'ready');
  });
  expect([...serving]).toEqual([2]);
  expect((await runtime.service('worker')).instances.map(({ id }) => id)).not.toEqual(before);
  const removed = untilStatus(first, ({ state }) => state === 'removed');
  expect((await both.second.call('DELETE', '/api/v1/hosts/h1')).status).toBe(204);
  await removed;
  await first.close();
  const list = await both.first.call<{ readonly items: readonly JsonObject[] }>('GET', '/api/v1/hosts');
  expect(list.body.items.map(({ name, state, assigned }) => [name, state, assigned])).toEqual([
    ['h2', 'open', 2],
  ]);
});
