import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverSentEvents } from '../../src/cli/client/server-sent-events.js';
import { probeCaps } from '../../src/kernel/caps/index.js';
import type { Host, LogLine, Service } from '../../src/runtime/index.js';
import { Gateways } from '../operation/gateways.js';
import { serve } from '../operation/starling-process.js';
import { missingEtcd } from '../servers/etcd.js';
import { missingNats } from '../servers/nats.js';

const { endsWithParent } = await probeCaps();
const missing =
  missingEtcd() ?? missingNats() ?? (endsWithParent ? undefined : 'processes do not end with their parent');
if (missing !== undefined) console.log(`Skipped: a host at two gateways over etcd, because ${missing}.`);

const worker = fileURLToPath(new URL('telling-worker.mjs', import.meta.url));
const services = `services: ${JSON.stringify({
  teller: { command: [process.execPath, worker], readiness: 'line', replicas: { desired: 1, max: 2 } },
})}\n`;

let gateways: Gateways;
let authorization: string;

const at = (number: 0 | 1, path: string, init: RequestInit = {}) =>
  fetch(`${gateways.url(number)}/api/v1${path}`, {
    ...init,
    headers: { authorization, 'content-type': 'application/json' },
  });

/** The first lines of the service, as that gateway tells them. */
async function lines(number: 0 | 1, count: number): Promise<LogLine[]> {
  const { body } = await at(number, '/services/teller/logs?follow=true');
  const found: LogLine[] = [];
  for await (const { data } of serverSentEvents(body ?? new ReadableStream())) {
    found.push(JSON.parse(data) as LogLine);
    if (found.length === count) return found;
  }
  throw new Error(`There were ${found.length} lines, and not ${count}.`);
}

async function host(): Promise<Host> {
  const { items } = (await (await at(1, '/hosts')).json()) as { readonly items: readonly Host[] };
  const [only, ...others] = items;
  if (only === undefined || others.length > 0) throw new Error(`There are ${items.length} hosts.`);
  return only;
}

describe.skipIf(missing !== undefined)('a host at two gateways over etcd', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    gateways = await Gateways.open();
    await appendFile(join(gateways.folder, 'gateway.yaml'), services);
  }, 60_000);
  afterAll(() => gateways?.close());

  it('goes on at the other with what it keeps when the one that it dialled is killed', async () => {
    const first = await gateways.gateway(0);
    await gateways.gateway(1);
    authorization = `Bearer ${await gateways.token('operator')}`;
    await writeFile(join(gateways.folder, 'h1.token'), await gateways.token('host:h1'));
    const urls = [gateways.url(0), gateways.url(1)];
    const words = ['serve', 'host', '--name', 'h1', '--capacity', '8', '--gateway', ...urls];
    const signedIn = ['--token-file', 'h1.token', '--data', 'h1'];
    const hosting = await serve(gateways.folder, [...words, ...signedIn], /Connection +(connected)/);
    try {
      const [begun] = await lines(0, 1);
      const before = await host();

      first.child.kill('SIGKILL');
      const body = JSON.stringify({ replicas: 2, because: 'the other gateway says so' });
      expect((await at(1, '/services/teller/replicas', { method: 'PUT', body })).status).toBe(200);
      // the second is begun by the gateway that is left, once the placing is its own
      const [still, next] = await lines(1, 2);
      expect(still).toEqual(begun);
      expect(next?.instance).not.toBe(begun?.instance);

      const after = await host();
      expect({ state: after.state, since: after.since }).toEqual({ state: 'open', since: before.since });
      const teller = (await (await at(1, '/services/teller')).json()) as Pick<Service, 'instances'>;
      const kept = teller.instances.find(({ id }) => id === begun?.instance);
      expect(kept).toMatchObject({ state: 'ready', slot: 0, restarts: 0 });
      expect(`I am ${kept?.pid}`).toBe(begun?.text);
      expect(process.kill(kept?.pid ?? 0, 0)).toBe(true);
    } finally {
      await hosting.stop();
    }
  });
});
