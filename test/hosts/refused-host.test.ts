import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { freePort } from '../operation/free-port.js';
import { type Ended, type Serving, serve, starling } from '../operation/starling-process.js';

let folder: string;
let url: string;
let gateway: Serving;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-refused-host-'));
  const configuration = exampleConfiguration().replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
  await writeFile(join(folder, 'gateway.yaml'), configuration);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--data', 'gateway', '--services', 'hosts'];
  gateway = await serve(folder, [...words, '--port', String(port), '--log-level', 'error'], /Key +(\S+)/);
}, 60_000);

afterEach(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a host with a token of that role, by a gateway of that folder; resolves when it has ended. */
async function hostWith(role: string, issuer = 'gateway'): Promise<Ended> {
  const words = ['token', '--user', 'h1', '--role', role, '--data', issuer];
  const { out, err, status } = await starling(folder, words);
  expect({ status, err }).toEqual({ status: 0, err: expect.any(String) });
  await writeFile(join(folder, 'h1.token'), out);
  const host = ['serve', 'host', '--name', 'h1', '--capacity', '1', '--gateway', url, '--data', 'h1'];
  return starling(folder, [...host, '--token-file', 'h1.token']);
}

it('ends with why, where its token is for another host', async () => {
  const { status, err } = await hostWith('host:h2');
  expect({ status, err }).toEqual({ status: 3, err: expect.stringContaining('role-missing') });
}, 60_000);

it('ends with why, where its token is one of another consortium', async () => {
  const port = await freePort();
  const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--data', 'other', '--port', String(port)];
  const other = await serve(folder, [...words, '--log-level', 'error'], /Key +(\S+)/);
  await other.stop();
  const { status, err } = await hostWith('host:h1', 'other');
  expect({ status, err }).toEqual({ status: 3, err: expect.stringContaining('token-invalid') });
}, 60_000);
