import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { openLocalState, type State } from '../state/index.js';
import { createLogger } from '../telemetry/index.js';
import type { GatewayRecord } from './gateway-record.js';
import { type GatewayRegistry, openGatewayRegistry } from './gateway-registry.js';

const ttlMs = 12_000;
const { logger } = createLogger({
  service: 'test',
  instance: '1',
  level: 'silent',
  destination: { write: () => undefined },
});
let folder: string;
let clock: ManualClock;
let state: State;
let open: GatewayRegistry[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-gateways-'));
  clock = new ManualClock();
  state = await openLocalState({ folder, clock, logger });
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  expect(clock.pendingTimers).toBe(0);
  await state.close();
  await rm(folder, { recursive: true });
});

const record = (id: string): GatewayRecord => ({
  id,
  url: `https://${id}.example:8443`,
  publicUrl: 'https://starling.example',
  version: '0.1.0',
  startedAt: '2026-01-31T12:00:00.000Z',
});

async function register(id: string, over: State = state): Promise<GatewayRegistry> {
  const registry = await openGatewayRegistry({ state: over, self: record(id), ttlMs, clock, logger });
  open.push(registry);
  return registry;
}

const idsOf = (registry: GatewayRegistry) => registry.all().map(({ id }) => id);

/** Resolves when a registry knows these gateways, by id. */
async function untilKnown(registry: GatewayRegistry, ids: readonly string[]): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (idsOf(registry).join() !== ids.join()) return;
      stop();
      resolve();
    };
    const stop = registry.onChange(look);
    look();
  });
}

/** What is written under a key, from its first value on. */
async function* puts(key: string): AsyncGenerator<unknown, void> {
  for await (const { changes } of state.watch(key, { fromRevision: 1 })) {
    for (const change of changes) if (change.type === 'put') yield change.entry.value;
  }
}

describe('the registry of gateways', () => {
  it('knows itself and those that were there, and hears of those that come and go', async () => {
    const one = await register('gateway-1');
    expect(one.all()).toEqual([record('gateway-1')]);
    const two = await register('gateway-2');
    expect(idsOf(two)).toEqual(['gateway-1', 'gateway-2']);
    await untilKnown(one, ['gateway-1', 'gateway-2']);
    expect(one.get('gateway-2')).toEqual(record('gateway-2'));
    await two.close();
    await untilKnown(one, ['gateway-1']);
    expect(one.get('gateway-2')).toBeUndefined();
    expect(await state.get('gateways/gateway-2')).toBeUndefined();
  });

  it('hears of one that vanished when its lease lapses', async () => {
    const one = await register('gateway-1');
    const lease = await state.lease(ttlMs);
    await state.put('gateways/gone', record('gone'), { lease: lease.id });
    await untilKnown(one, ['gateway-1', 'gone']);
    clock.advance(ttlMs / 2);
    await state.get('gateways/gateway-1');
    clock.advance(ttlMs / 2);
    await untilKnown(one, ['gateway-1']);
  });

  it('registers again under its id where its lease was lost, without having been away', async () => {
    const one = await register('gateway-1');
    const before = await state.get('gateways/gateway-1');
    const seen: string[] = [];
    one.onChange(() => seen.push(idsOf(one).join()));
    const changes = state.watch('gateways/')[Symbol.asyncIterator]();
    // one leap, as when the process was stopped: nothing could be kept alive in between
    clock.advance((ttlMs * 3) / 4);
    const change = await changes.next();
    await changes.return?.();
    expect(change.value).toMatchObject({
      changes: [{ type: 'put', entry: { key: 'gateways/gateway-1', value: record('gateway-1') } }],
    });
    expect((await state.get('gateways/gateway-1'))?.lease).not.toBe(before?.lease);
    expect(seen).toEqual([]);
  });

  it('tells of what has changed of a gateway, also when it has to register again', async () => {
    const one = await register('gateway-1');
    const written = puts('gateways/gateway-1');
    expect((await written.next()).value).toEqual(record('gateway-1'));
    const news = { agents: ['VU'], configuration: { fingerprint: 'f', isApplied: true } };
    one.tell(news);
    expect((await written.next()).value).toEqual({ ...record('gateway-1'), ...news });
    expect((await register('gateway-2')).get('gateway-1')).toEqual({ ...record('gateway-1'), ...news });
    await state.delete('gateways/gateway-1');
    expect((await written.next()).value).toEqual({ ...record('gateway-1'), ...news });
    await written.return();
  });

  it('registers again where its record was taken away', async () => {
    const one = await register('gateway-1');
    const two = await register('gateway-2');
    await untilKnown(one, ['gateway-1', 'gateway-2']);
    await state.delete('gateways/gateway-1');
    const changes = state.watch('gateways/gateway-1', { fromRevision: 1 })[Symbol.asyncIterator]();
    const types: string[] = [];
    while (types.length < 3) {
      const { value } = await changes.next();
      for (const change of value?.changes ?? []) types.push(change.type);
    }
    await changes.return?.();
    expect(types).toEqual(['put', 'delete', 'put']);
    await untilKnown(two, ['gateway-1', 'gateway-2']);
  });

  it('refuses records of a form that it does not know', async () => {
    await state.put('gateways/old', { name: 'old' });
    await expect(register('gateway-1')).rejects.toMatchObject({
      code: 'storage-version',
      details: { gateway: 'old' },
    });
    expect(await state.get('gateways/gateway-1')).toBeUndefined();
  });
});
