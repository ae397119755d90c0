import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { freePort } from './free-port.js';
import { type Serving, serve, starling } from './starling-process.js';

let folder: string;
let port: number;
let gateway: Serving | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-certificate-'));
  await writeFile(join(folder, 'starling.yaml'), exampleConfiguration());
  port = await freePort();
});

afterEach(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The fingerprint of the certificate that is shown to whoever connects now. */
async function shown(): Promise<string> {
  const socket = connect({ host: 'localhost', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

async function issue(to: string): Promise<void> {
  const words = ['certificates', 'issue', 'localhost', '--ca', 'ca', '--out', to];
  expect(await starling(folder, words)).toMatchObject({ status: 0 });
}

it('a gateway follows the files of its certificate, and keeps the old one where the new is of no use', async () => {
  expect(await starling(folder, ['certificates', 'ca', '--out', 'ca'])).toMatchObject({ status: 0 });
  await issue('tls');
  await issue('next');
  const words = ['serve', 'gateway', '--config', 'starling.yaml', '--data', 'gateway', '--port', `${port}`];
  const tls = ['--tls-cert', 'tls/localhost.crt', '--tls-key', 'tls/localhost.key'];
  gateway = await serve(folder, [...words, ...tls, '--log-level', 'info'], /API +(\S+)/);
  const { child } = gateway;
  if (child.stderr === null) throw new Error('no log');
  const lines = createInterface(child.stderr);
  const logged = (said: string) =>
    new Promise<void>((resolve) => {
      const look = (line: string) => {
        if (!line.includes(said)) return;
        lines.off('line', look);
        resolve();
      };
      lines.on('line', look);
    });
  const first = await shown();

  const kept = logged('the new certificate cannot be used; the old one stays');
  await writeFile(join(folder, 'tls', 'localhost.key'), 'no key');
  await kept;
  expect(await shown()).toBe(first);

  const taken = logged('the certificate was read again');
  await copyFile(join(folder, 'next', 'localhost.crt'), join(folder, 'tls', 'localhost.crt'));
  await copyFile(join(folder, 'next', 'localhost.key'), join(folder, 'tls', 'localhost.key'));
  await taken;
  const second = await shown();
  expect(second).not.toBe(first);

  const again = logged('the certificate was read again');
  child.kill('SIGHUP');
  await again;
  expect(await shown()).toBe(second);
}, 60_000);
