import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEtcdState } from '../../src/kernel/state/index.js';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { callJson, endpointsOf } from '../engines/etcd-harness.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { missingNats, startNats } from '../servers/nats.js';
import { freePort } from './free-port.js';
import { type Ended, type Serving, serve, starling } from './starling-process.js';

const missing = missingEtcd() ?? missingNats();
if (missing !== undefined) console.log(`Skipped: gateways whose engines fail, because ${missing}.`);

type Etcd = Awaited<ReturnType<typeof startEtcd>>;

let folder: string;
let nats: Awaited<ReturnType<typeof startNats>>;
const servers: { close(): Promise<void> }[] = [];

async function owned<Server extends { close(): Promise<void> }>(starting: Promise<Server>): Promise<Server> {
  const server = await starting;
  servers.push(server);
  return server;
}

const words = (data: string, etcd: Etcd, port = 0) => [
  ...['serve', 'gateway', '--config', 'gateway.yaml', '--data', data, '--port', `${port}`],
  ...['--public-url', 'http://127.0.0.1:8080', '--log-level', 'error'],
  ...['--state', etcd.url.replace('http:', 'etcd:'), '--queue', nats.url],
];

/** Starts a gateway that is up. */
const started = (data: string, etcd: Etcd, port?: number): Promise<Serving> =>
  serve(folder, words(data, etcd, port), /Key +(\S+)/);

/** Starts a gateway that has to be refused, and gives how it ended. */
const refused = (
  data: string,
  etcd: Etcd,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> => starling(folder, words(data, etcd), environment);

/** How many gateways say in the state that they are there. */
async function registered(etcd: Etcd): Promise<number> {
  const state = await openEtcdState({ endpoints: endpointsOf(etcd), prefix: 'starling' });
  try {
    return (await state.list('gateways/')).entries.length;
  } finally {
    await state.close();
  }
}

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

describe.skipIf(missing !== undefined)('a gateway whose engine', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-refused-'));
    const atAgents = exampleConfiguration().replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
    await writeFile(join(folder, 'gateway.yaml'), atAgents);
    await writeFile(join(folder, 'password'), 'wrong');
    nats = await owned(startNats());
  }, 60_000);
  afterAll(async () => {
    for (const server of servers) await server.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('does not answer at its start ends with where it asked, and starts once it does', async () => {
    const etcd = await owned(startEtcd());
    await nats.stop();
    expect(await refused('away', etcd)).toMatchObject({
      status: 5,
      out: '',
      err: expect.stringMatching(new RegExp(`storage-unavailable[\\s\\S]*${new URL(nats.url).host}`)),
    });
    expect(await registered(etcd)).toBe(0);
    await nats.restart();
    await etcd.stop();
    expect(await refused('away', etcd)).toMatchObject({
      status: 5,
      out: '',
      err: expect.stringMatching(new RegExp(`storage-unavailable[\\s\\S]*${new URL(etcd.url).host}`)),
    });
    await etcd.restart();
    const serving = await started('away', etcd);
    expect(await registered(etcd)).toBe(1);
    expect(await serving.stop()).toBe(0);
    expect(await registered(etcd)).toBe(0);
  });

  it('came back empty is refused, as is one that another version wrote', async () => {
    const etcd = await owned(startEtcd());
    expect(await (await started('emptied', etcd)).stop()).toBe(0);
    await etcd.close();
    const emptied = await owned(startEtcd({ port: Number(new URL(etcd.url).port) }));
    expect(await refused('emptied', emptied)).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('storage-replaced'),
    });
    const state = await openEtcdState({ endpoints: endpointsOf(emptied), prefix: 'starling' });
    await state.put('consortium/format', 99);
    await state.close();
    expect(await refused('newer', emptied)).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/storage-version[\s\S]*has format 99/),
    });
    expect(await registered(emptied)).toBe(0);
  });

  it('refuses its credentials is refused', async () => {
    const etcd = await owned(startEtcd());
    const auth = (method: string, body: object) => callJson(etcd.url, `auth/${method}`, body);
    await auth('user/add', { name: 'root', password: 'right' });
    await auth('role/add', { name: 'root' });
    await auth('user/grant', { user: 'root', role: 'root' });
    await auth('enable', {});
    const wrong = { STARLING_ETCD_USER: 'root', STARLING_ETCD_PASSWORD_FILE: 'password' };
    for (const environment of [wrong, {}]) {
      expect(await refused('stranger', etcd, environment)).toMatchObject({
        status: 1,
        out: '',
        err: expect.stringContaining('storage-refused'),
      });
    }
  });

  it('is full is refused, and starts when there is room', async () => {
    const etcd = await owned(startEtcd({ options: ['--quota-backend-bytes=16777216'] }));
    expect(await (await started('full', etcd)).stop()).toBe(0);
    const value = base64('x'.repeat(900_000));
    for (let isFull = false; !isFull; ) {
      isFull = 'error' in (await callJson(etcd.url, 'kv/put', { key: base64('others'), value }));
    }
    expect(await refused('full', etcd)).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/storage-full[\s\S]*etcdctl alarm disarm/),
    });
    const { header } = await callJson(etcd.url, 'kv/range', { key: base64('others') });
    await callJson(etcd.url, 'kv/compaction', { revision: Object(header).revision, physical: true });
    await callJson(etcd.url, 'maintenance/defragment', {});
    const { alarms } = await callJson(etcd.url, 'maintenance/alarm', { action: 'GET' });
    for (const alarm of Object.values(Object(alarms))) {
      await callJson(etcd.url, 'maintenance/alarm', { action: 'DEACTIVATE', ...Object(alarm) });
    }
    expect(await (await started('full', etcd)).stop()).toBe(0);
  });

  it('goes away while it serves is not ready, and ready again by itself', async () => {
    const etcd = await owned(startEtcd());
    const port = await freePort();
    const serving = await started('working', etcd, port);
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`, { headers: { host: '127.0.0.1:8080' } });
    expect((await ready()).status).toBe(200);
    await etcd.stop();
    const away = await ready();
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({
      status: 'failed',
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'state', status: 'failed', message: expect.any(String) }),
      ]),
    });
    await etcd.restart();
    expect((await ready()).status).toBe(200);
    expect(await serving.stop()).toBe(0);
  });
});
