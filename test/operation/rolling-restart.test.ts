import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEtcd } from '../servers/etcd.js';
import { type LoadBalancer, missingHaproxy, startHaproxy } from '../servers/haproxy.js';
import { missingNats } from '../servers/nats.js';
import { Gateways } from './gateways.js';
import { Load } from './load.js';
import type { Serving } from './starling-process.js';

const missing = missingEtcd() ?? missingNats() ?? missingHaproxy();
if (missing !== undefined) console.log(`Skipped: a rolling restart, because ${missing}.`);

let gateways: Gateways;
let balancer: LoadBalancer;
let serving: Serving[];

/** Starts the gateway of a number; resolves when the load balancer sends it requests. */
async function start(number: 0 | 1): Promise<Serving> {
  const isUp = balancer.untilUp(number + 1);
  const started = await gateways.gateway(number, ['--drain-seconds', '3']);
  await isUp;
  return started;
}

describe.skipIf(missing !== undefined)('two gateways behind a load balancer', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    gateways = await Gateways.open(async (ports) => {
      balancer = await startHaproxy(ports);
      return balancer;
    });
    serving = [await start(0), await start(1)];
    await gateways.agent();
  }, 240_000);
  afterAll(() => gateways?.close());

  it('are restarted one after the other without one failed request', async () => {
    const token = await gateways.token('operator', 'requester');
    const load = new Load(gateways.publicUrl, token);
    await load.untilEachWas(2);
    for (const number of [0, 1] as const) {
      expect(await serving[number]?.stop()).toBe(0);
      await load.untilEachWas(2);
      serving[number] = await start(number);
      await load.untilEachWas(2);
    }
    const { failures, counts, resumed } = await load.end();
    expect(failures).toEqual([]);
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(10);
    console.log('Requests while two gateways were restarted:', counts, 'streams resumed:', resumed);
  });
});
