import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from './free-port.js';
import { type Serving, serve, starling } from './starling-process.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('skipped: the worker in Python, because there is no python3');
const pythonWorker = fileURLToPath(new URL('../../examples/python-worker/worker.py', import.meta.url));
const parties = 'parties:\n  VU: { name: Vrije Universiteit, roles: [dataProvider] }\n';
const inPython = `services:
  photo-worker:
    command: [python3, ${JSON.stringify(pythonWorker)}]
    readiness: line
`;

let folder: string;
let gateway: Serving | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-workers-over-tls-'));
});

afterEach(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

it.each([['the built-in one', '', 'invert'], ...(hasPython ? [['one in Python', inPython, 'keep']] : [])])(
  'a worker reaches a gateway whose certificate is of an authority of its own: %s',
  async (_name, services, filter) => {
    await writeFile(join(folder, 'starling.yaml'), parties + services);
    const photo = { create: { width: 4, height: 4, channels: 3, background: 'red' } } as const;
    await sharp(photo).png().toFile(join(folder, 'a.png'));
    for (const words of [
      ['ca', '--out', 'ca'],
      ['issue', '127.0.0.1', '--ca', 'ca', '--out', 'tls'],
    ])
      expect(await starling(folder, ['certificates', ...words])).toMatchObject({ status: 0 });
    const words = ['serve', 'gateway', '--config', 'starling.yaml', '--data', 'gateway'];
    const tls = [
      '--port',
      `${await freePort()}`,
      '--tls-cert',
      'tls/127.0.0.1.crt',
      '--tls-key',
      'tls/127.0.0.1.key',
      '--ca',
      'ca/ca.crt',
    ];
    const authority = { STARLING_CA: 'ca/ca.crt' };
    gateway = await serve(folder, [...words, ...tls], /API +(https:\S+?)\/api\/v1/);
    const token = await starling(folder, [
      'token',
      '--user',
      'ada',
      '--role',
      'requester',
      '--data',
      'gateway',
    ]);
    const environment = { ...authority, STARLING_URL: gateway.found, STARLING_TOKEN: token.out.trim() };
    const uploaded = await starling(
      folder,
      ['upload', 'a.png', '--filter', filter, '--wait', '--json'],
      environment,
    );
    expect(uploaded).toMatchObject({ status: 0 });
    expect(JSON.parse(uploaded.out)).toMatchObject({
      uploaded: 1,
      failed: [],
      progress: { counts: { done: 1 } },
    });
  },
  120_000,
);
