import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BalancedGateways, missingBalanced, openBalancedGateways } from './balanced-gateways.js';
import { Load } from './load.js';

const missing = missingBalanced();
if (missing !== undefined) console.log(`Skipped: a rolling restart, because ${missing}.`);

let balanced: BalancedGateways;

describe.skipIf(missing !== undefined)('two gateways behind a load balancer', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    balanced = await openBalancedGateways(['--drain-seconds', '3']);
  }, 240_000);
  afterAll(() => balanced?.close());

  it('are restarted one after the other without one failed request', async () => {
    const { gateways, serving, start } = balanced;
    const token = await gateways.token('operator', 'requester');
    const load = new Load(gateways.publicUrl, token);
    await load.untilEachWas(2);
    for (const number of [0, 1] as const) {
      expect(await serving[number].stop()).toBe(0);
      await load.untilEachWas(2);
      await start(number);
      await load.untilEachWas(2);
    }
    const { failures, counts, resumed } = await load.end();
    expect(failures).toEqual([]);
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(10);
    console.log('Requests while two gateways were restarted:', counts, 'streams resumed:', resumed);
  });
});
