import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../kernel/clock/index.js';
import { openLocalState } from '../../kernel/state/index.js';
import { createLogger } from '../../kernel/telemetry/index.js';
import { type GatewayGround, openGround } from './gateway-ground.js';

let folder: string;
const { logger } = createLogger({
  ...{ service: 'test', instance: '1', level: 'silent' },
  destination: { write: () => undefined },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-ground-'));
});
afterEach(() => rm(folder, { recursive: true }));

function open(): Promise<GatewayGround> {
  const urls = { url: 'http://127.0.0.1:8080', publicUrl: 'http://127.0.0.1:8080' };
  return openGround({ folder, urls, version: '0.1.0', clock: systemClock, logger });
}

it('stands alone on embedded engines, under an id of its own, and leads at once what a killed process led', async () => {
  const first = await open();
  expect(first.isShared).toBe(false);
  expect(first.gateways.self.alone).toBe('its state and queue and blobs are embedded');
  const { id } = first.gateways.self;
  await first.close();
  // as a process leaves it that is killed
  const state = await openLocalState({ folder: join(folder, 'state') });
  const lease = await state.lease(3_600_000);
  await state.put(`gateways/${id}`, { ...first.gateways.self }, { lease: lease.id });
  await state.put('leaders/sweeps', id, { lease: lease.id });
  await state.close();

  const second = await open();
  expect(second.gateways.all()).toEqual([second.gateways.self]);
  expect(second.gateways.self.id).not.toBe(id);
  await new Promise<void>((resolve) => {
    const leadership = second.lead('sweeps', async () => {
      resolve(leadership.close());
    });
  });
  await second.close();
});

it('closes what it opened where a later part cannot be, so that it may be tried again', async () => {
  const urls = { url: 'no url', publicUrl: 'http://127.0.0.1:8080' };
  const broken = openGround({ folder, urls, version: '0.1.0', clock: systemClock, logger });
  await expect(broken).rejects.toMatchObject({ code: 'storage-version' });
  const ground = await open();
  expect((await ground.engines.state.list('gateways/')).entries).toHaveLength(1);
  await ground.close();
});
