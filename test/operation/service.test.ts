import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machines } from './machines.js';

let machines: Machines;

beforeEach(async () => {
  machines = await Machines.open();
});

afterEach(() => machines.close());

/** The environment of a unit of `Type=notify`, with a `systemd-notify` that does as `script` says. */
async function unit(script: string): Promise<Readonly<Record<string, string>>> {
  const bin = join(machines.folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'systemd-notify'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { NOTIFY_SOCKET: '/run/systemd/notify', PATH: `${bin}${delimiter}${process.env.PATH}` };
}

describe('a gateway as a service', { timeout: 60_000 }, () => {
  it('tells systemd when it is up, of its own process', async () => {
    // reading a pipe ends when the word was written
    const told = join(machines.folder, 'told');
    await promisify(execFile)('mkfifo', [told]);
    const reading = readFile(told, 'utf8');
    const { child } = await machines.gateway(await unit(`echo "$@" > ${told}`));
    expect((await reading).trim()).toBe(`--ready --pid=${child.pid}`);
  });

  it('ends with what to do where systemd cannot be told', async () => {
    const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--data', 'gateway', '--port', '0'];
    const { status, err } = await machines.run(words, [], await unit('exit 1'));
    expect(status).toBe(2);
    expect(err).toContain('systemd-notify is missing or failed');
  });

  it('reads its certificate again on SIGHUP, and says so; the name of its issuer is where it listens', async () => {
    await machines.done(['certificates', 'ca', '--out', 'ca']);
    await machines.done(['certificates', 'issue', 'localhost', '127.0.0.1', '--ca', 'ca', '--out', 'tls']);
    const { child } = await machines.gateway({}, [
      '--tls-cert',
      'tls/localhost.crt',
      '--tls-key',
      'tls/localhost.key',
    ]);
    const said = (text: string) =>
      new Promise<void>((resolve) => {
        child.stderr?.on('data', (bytes: Buffer) => {
          if (bytes.toString().includes(text)) resolve();
        });
      });
    const again = said('the certificate was read again');
    child.kill('SIGHUP');
    await again;
    const kept = said('the new certificate cannot be used; the old one stays');
    await writeFile(join(machines.folder, 'tls', 'localhost.crt'), 'nothing');
    child.kill('SIGHUP');
    await kept;
    expect(child.exitCode).toBeNull();
  });

  it('forgets an agent that is revoked, which may not come back without an invitation', async () => {
    await machines.gateway();
    await machines.enrol();
    const agent = await machines.agent();
    const ended = new Promise<string>((resolve) => {
      agent.child.stdout?.on('data', (bytes: Buffer) => {
        if (bytes.toString().includes('not connected')) resolve(bytes.toString());
      });
    });
    await machines.done(['enroll', 'revoke', 'VU'], 'operator');
    await ended;
    expect(JSON.parse(await machines.done(['enroll', '--json'], 'operator')).items).toEqual([]);
    expect((await machines.run(['enroll', 'revoke', 'VU'], ['operator'])).err).toContain('not-found');
    await agent.stop();
    await machines.enrol();
    await machines.agent();
    expect(await machines.ask()).toBe('answered');
  });
});
