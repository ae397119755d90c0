import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BalancedGateways, missingBalanced, openBalancedGateways } from './balanced-gateways.js';
import { type FailedRequest, Load } from './load.js';

const missing = missingBalanced();
if (missing !== undefined) console.log(`Skipped: a gateway that is killed under load, because ${missing}.`);

/** What people are told whose request the gateway had that died, or that came before the load balancer knew. */
const clear = [
  // by the load balancer, or the broken connection
  /^Error: 50[234] /,
  /^TypeError: (fetch failed|terminated)/,
  // by the gateway that lives: nobody runs the request any more
  /^Error: the request (is|that was followed is) failed$/,
];

let balanced: BalancedGateways;

describe.skipIf(missing !== undefined)('one of two gateways under load', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    balanced = await openBalancedGateways();
  }, 240_000);
  afterAll(() => balanced?.close());

  it('is killed: nothing is lost that was acknowledged, reads go on, and the rest is told why', async () => {
    const { gateways, serving } = balanced;
    const token = await gateways.token('operator', 'requester');
    const load = new Load(gateways.publicUrl, token, { isPatient: true });
    await load.untilEachWas(2);
    serving[0].child.kill('SIGKILL');
    await load.untilEachWas(5);
    const { failures, counts, acknowledged } = await load.end();
    console.log('Requests while one of two gateways was killed:', counts, 'failed:', failures);
    const isUnclear = ({ what, why }: FailedRequest) =>
      what === 'read' || !clear.some((pattern) => pattern.test(why));
    expect(failures.filter(isUnclear)).toEqual([]);
    const read = async (path: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${gateways.url(1)}/api/v1${path}`, { headers });
      expect([path, answer.status]).toEqual([path, 200]);
      return answer;
    };
    for (const id of acknowledged.uploaded) {
      expect(await (await read(`/tasks/${id}`)).json()).toMatchObject({ id, state: 'queued' });
      expect((await (await read(`/tasks/${id}/original`)).arrayBuffer()).byteLength).toBe(64 * 1024);
    }
    const { ready } = (await (await read('/queues/tasks')).json()) as { ready: number };
    expect(ready).toBeGreaterThanOrEqual(acknowledged.uploaded.length);
    const ends: string[] = [];
    for (const id of acknowledged.asked) {
      // ends when the request does
      await (await read(`/requests/${id}/events`)).text();
      const { state, error } = (await (await read(`/requests/${id}`)).json()) as {
        state: string;
        error?: { code: string };
      };
      ends.push(state === 'failed' ? `failed: ${error?.code}` : state);
    }
    expect(['answered', 'failed: run-died']).toEqual(expect.arrayContaining([...new Set(ends)]));
    expect(ends.filter((end) => end === 'answered').length).toBeGreaterThanOrEqual(10);
  });
});
