import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { createTelemetry, type Telemetry } from '../../../kernel/telemetry/index.js';
import { probeCaps } from '../runs/index.js';
import { openPartyAgent, type PartyAgentOptions } from './open-party-agent.js';

let folder: string;
let telemetry: Telemetry;
let clock: ManualClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-party-agent-'));
  telemetry = await createTelemetry({ service: 'test', version: '0', logLevel: 'error', environment: {} });
  clock = new ManualClock();
});

afterEach(async () => {
  await telemetry.shutdown();
  await rm(folder, { recursive: true });
});

/** Opens the agent, runs what is given on its state, and closes it again. */
async function opened<T>(
  options: Partial<PartyAgentOptions>,
  act: (state: Awaited<ReturnType<typeof openPartyAgent>>['state']) => Promise<T>,
): Promise<T> {
  const none = new Map();
  const agent = await openPartyAgent({
    party: 'VU',
    folder,
    sourceFolder: folder,
    declarations: () => ({
      parties: none,
      dataSets: none,
      agreements: none,
      archetypes: none,
      steps: none,
      requestTypes: none,
    }),
    trust: { gatewayKeys: () => [], people: 'open' },
    sizes: { warm: 0, max: 1, queue: 1, memoryMegabytes: 256, timeSeconds: 1 },
    support: await probeCaps(),
    clock,
    telemetry,
    ...options,
  });
  try {
    return await act(agent.state);
  } finally {
    await agent.close();
  }
}

it('keeps what was released for a year, or as many days as it is told', async () => {
  const key = 'releases/ada/wageGap/1';
  await opened({}, (state) => state.put(key, { at: clock.wallTime(), figures: [] }));
  clock.advance(8 * 24 * 3600 * 1000);
  const kept = (options: Partial<PartyAgentOptions>) =>
    opened(options, async (state) => (await state.get(key)) !== undefined);
  expect(await kept({})).toBe(true);
  expect(await kept({ releaseRetentionDays: 9 })).toBe(true);
  expect(await kept({ releaseRetentionDays: 7 })).toBe(false);
});
