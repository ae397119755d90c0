import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEtcd } from '../servers/etcd.js';
import { missingNats } from '../servers/nats.js';
import { Gateways } from './gateways.js';
import { type Serving, starling } from './starling-process.js';

const missing = missingEtcd() ?? missingNats();
if (missing !== undefined) console.log(`Skipped: two gateways, because ${missing}.`);

let gateways: Gateways;
let first: Serving;
let second: Serving;

interface Status {
  readonly engines: readonly { readonly use: string; readonly engine: string; readonly revision?: number }[];
  readonly gateways: readonly { readonly url: string; readonly isThis: boolean }[];
}

async function statusOf(number: 0 | 1, token: string): Promise<Status> {
  const answer = await fetch(`${gateways.url(number)}/api/v1/status`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Status;
}

describe.skipIf(missing !== undefined)('two gateways over one state', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    gateways = await Gateways.open();
    first = await gateways.gateway(0);
    second = await gateways.gateway(1);
  }, 120_000);
  afterAll(() => gateways?.close());

  it('sign with one key, believe the tokens of either, and know of each other', async () => {
    expect(second.found).toBe(first.found);
    const token = await gateways.token('operator');
    for (const number of [0, 1] as const) {
      const status = await statusOf(number, token);
      expect(status.engines.map(({ use, engine }) => [use, engine])).toEqual([
        ['state', 'etcd'],
        ['queue', 'nats'],
        ['blobs', 'nats'],
      ]);
      const known = status.gateways.map(({ url, isThis }) => [url, isThis]);
      expect(known).toHaveLength(2);
      expect(known).toContainEqual([gateways.url(number), true]);
      expect(known).toContainEqual([gateways.url(number === 0 ? 1 : 0), false]);
    }
  });

  it('take in a file at one and give it out at the other', async () => {
    const headers = { authorization: `Bearer ${await gateways.token('requester')}` };
    const form = new FormData();
    form.append('filter', 'grayscale');
    form.append('file', new Blob(['a photo']), 'a.jpg');
    const uploaded = await fetch(`${gateways.url(0)}/api/v1/tasks`, { method: 'POST', headers, body: form });
    expect(uploaded.status).toBe(201);
    const { files } = (await uploaded.json()) as { files: readonly { task: string }[] };
    const id = files[0]?.task;
    const read = await fetch(`${gateways.url(1)}/api/v1/tasks/${id}/original`, { headers });
    expect(await read.text()).toBe('a photo');
  });

  it('show in the terminal what they are on', async () => {
    const page = await gateways.done(['status'], 'operator');
    expect(page).toMatch(
      /State +etcd at 127\.0\.0\.1:\d+, version 3\.\d+\.\d+, cluster [0-9a-f]+, revision \d+/,
    );
    expect(page).toMatch(/127\.0\.0\.1:\d+ answers, leads/);
    expect(page).toMatch(new RegExp(`Gateways +${gateways.url(0)}|${gateways.url(1)}`));
  });

  it('take a new key of their issuer of tokens while they run, and tokens of the one before count on', async () => {
    const before = await gateways.token('operator');
    const rotated = await gateways.done(['keys', 'rotate', '--issuer', '--data', 'g1']);
    expect(rotated).toContain('The gateway signs tokens with it from now on');
    const after = await gateways.token('operator');
    const signed = (token: string) => Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
    expect(signed(after)).not.toBe(signed(before));
    expect((await statusOf(0, after)).gateways).toHaveLength(2);
    for (const number of [0, 1] as const) expect((await statusOf(number, before)).gateways).toHaveLength(2);
    // rotated at the other: whoever follows the first change does so with the second, which rests on it
    await gateways.done(['keys', 'rotate', '--issuer', '--data', 'g2']);
    expect((await statusOf(1, await gateways.token('operator'))).gateways).toHaveLength(2);
    expect((await statusOf(1, after)).gateways).toHaveLength(2);
  });

  it('let no gateway in with another key, with what it keeps to itself, or under another address', async () => {
    await cp(join(gateways.folder, 'g1'), join(gateways.folder, 'g3'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('control.sock') && !path.includes('/state'),
    });
    const engines = ['--state', gateways.state, '--queue', gateways.queue];
    const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--port', '0', '--log-level', 'error'];
    const refused = (data: string, ...more: readonly string[]) =>
      starling(gateways.folder, [...words, '--data', data, ...more]);
    expect(await refused('g3', ...engines, '--public-url', 'http://localhost:1')).toMatchObject({
      status: 2,
      err: expect.stringContaining('Give every gateway the same --public-url'),
    });
    expect(await refused('g4', ...engines, '--public-url', gateways.publicUrl)).toMatchObject({
      status: 2,
      err: expect.stringContaining(`sign with the key ${first.found}, and there is none in`),
    });
    await cp(join(gateways.folder, 'keys'), join(gateways.folder, 'g5', 'keys'), { recursive: true });
    const onlyState = ['--state', gateways.state, '--public-url', gateways.publicUrl];
    expect(await refused('g5', ...onlyState)).toMatchObject({
      status: 2,
      err: expect.stringContaining('this one has to be the only one: its queue and blobs are embedded'),
    });
    expect(await refused('g1', ...engines, '--public-url', gateways.publicUrl)).toMatchObject({
      status: 5,
      err: expect.stringContaining('folder-in-use'),
    });
  });

  it('let none turn their configuration over, and take a new one from the first that is told to', async () => {
    const old = await readFile(join(gateways.folder, 'gateway.yaml'), 'utf8');
    await writeFile(
      join(gateways.folder, 'gateway.yaml'),
      old.replace('Vrije Universiteit Amsterdam', 'VU Amsterdam'),
    );
    await second.stop();
    const refused = await gateways.refused(1);
    expect(refused).toMatchObject({ status: 4, err: expect.stringContaining('party VU: changed') });
    expect(refused.err).toContain(`The gateway at ${gateways.url(0)} runs`);
    const nameOfVu = async () =>
      JSON.parse(await gateways.done(['parties', 'show', 'VU', '--json'], 'operator')).name;
    expect(await nameOfVu()).toBe('Vrije Universiteit Amsterdam');
    second = await gateways.gateway(1, ['--apply-configuration']);
    expect(await nameOfVu()).toBe('VU Amsterdam');
    await first.stop();
    first = await gateways.gateway(0);
    expect(await nameOfVu()).toBe('VU Amsterdam');
  });

  it('say which engine does not answer, and refuse one that came back empty', async () => {
    const nowhere = ['--state', 'etcd://127.0.0.1:9', '--queue', gateways.queue];
    const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--port', '0', '--log-level', 'error'];
    expect(await starling(gateways.folder, [...words, '--data', 'g6', ...nowhere])).toMatchObject({
      status: 5,
      err: expect.stringContaining('127.0.0.1:9'),
    });
    const other = ['--state', `${gateways.state}/elsewhere`, '--queue', gateways.queue];
    expect(await starling(gateways.folder, [...words, '--data', 'g1', ...other])).toMatchObject({
      status: 2,
      err: expect.stringContaining('The state of'),
    });
  });
});
