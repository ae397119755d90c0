import { expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock/index.js';
import type { GatewayRecord } from '../../kernel/gateways/index.js';
import type { Agent, AgentStatus } from '../../systems/exchange/index.js';
import { agentsArrived } from './agents-arrived.js';

/** Agents of which some are online, and as many gateways. */
function check(gateways: number, online: Readonly<Record<string, boolean>>) {
  const clock = new ManualClock();
  const agents = Object.keys(online).map((party) => ({
    party,
    status: () => ({ party, online: online[party] === true }) as AgentStatus,
  }));
  const all = () => Array.from({ length: gateways }, () => ({}) as GatewayRecord);
  return {
    clock,
    isReady: agentsArrived({ all: () => agents as unknown as readonly Agent[] }, { all }, clock),
  };
}

it('waits for the agents where another gateway can answer meanwhile, and no longer than they need', async () => {
  const online = { VU: true, UVA: false };
  const { clock, isReady } = check(2, online);
  await expect(isReady()).rejects.toMatchObject({
    code: 'provider-unavailable',
    message: 'Agents that have yet to dial in: UVA.',
  });
  clock.advance(10_000);
  expect(await isReady()).toBeUndefined();
});

it('is satisfied once all were there, and from the start where the gateway is the only one', async () => {
  const online = { VU: true };
  const { isReady } = check(2, online);
  await isReady();
  online.VU = false;
  expect(await isReady()).toBeUndefined();
  expect(await check(1, { VU: false }).isReady()).toBeUndefined();
});
