import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { freePort } from './free-port.js';
import { type Serving, serve, starling } from './starling-process.js';

let folder: string;
let url = '';
const running: Serving[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-machines-'));
  const example = exampleConfiguration();
  await writeFile(join(folder, 'vu.yaml'), example);
  await writeFile(
    join(folder, 'gateway.yaml'),
    example.replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }'),
  );
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await rm(folder, { recursive: true, force: true });
});

const here = () => ({ STARLING_URL: url, STARLING_CA: 'ca/ca.crt' });

/** Runs a command, signed in with these roles, that has to succeed; gives its output. */
async function done(words: readonly string[], ...roles: readonly string[]): Promise<string> {
  const signedIn = roles.length === 0 ? {} : { STARLING_TOKEN: await token(...roles) };
  const { status, out, err } = await starling(folder, words, { ...here(), ...signedIn });
  expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
  return out;
}

async function token(...roles: readonly string[]): Promise<string> {
  const words = ['token', '--user', 'ada@university.example', '--role', ...roles, '--data', 'gateway'];
  return (await starling(folder, words)).out.trim();
}

/** A gateway over TLS on a port of its own. */
async function gateway(port: number): Promise<Serving> {
  const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--data', 'gateway', '--port', String(port)];
  const tls = ['--tls-cert', 'tls/localhost.crt', '--tls-key', 'tls/localhost.key'];
  const serving = await serve(folder, [...words, ...tls, '--public-url', url], /API +(\S+)/);
  running.push(serving);
  return serving;
}

async function agent(): Promise<Serving> {
  const words = ['serve', 'agent', '--party', 'VU', '--config', 'vu.yaml', '--data', 'vu'];
  const serving = await serve(folder, words, /Connection +(connected)/);
  running.push(serving);
  return serving;
}

describe('a gateway and an agent, each on its own', { timeout: 90_000 }, () => {
  it('enrol, connect over TLS, keep audit logs that agree, and go on with another key', async () => {
    const port = await freePort();
    url = `https://localhost:${port}`;
    await done(['certificates', 'ca', '--out', 'ca']);
    const issue = ['certificates', 'issue', 'localhost', '127.0.0.1', '--ca', 'ca', '--out', 'tls'];
    expect(await starling(folder, issue)).toMatchObject({ status: 0 });
    await gateway(port);

    await writeFile(join(folder, 'vu.token'), await done(['enroll', 'invite', 'VU'], 'operator'));
    const accept = ['enroll', 'accept', '@vu.token', '--data', 'vu'];
    expect(await starling(folder, accept, here())).toMatchObject({
      status: 2,
      err: expect.stringContaining('add --yes'),
    });
    await done([...accept, '--yes']);
    expect((await stat(join(folder, 'vu', 'enrolment.json'))).mode & 0o777).toBe(0o600);
    expect(await starling(folder, [...accept, '--yes'], here())).toMatchObject({
      status: 3,
      err: expect.stringContaining('enrolment-refused'),
    });

    const first = await agent();
    expect(JSON.parse(await done(['status', '--json'], 'operator'))).toMatchObject({
      access: 'signed-in',
      parties: expect.arrayContaining([
        expect.objectContaining({ id: 'VU', online: true, agreementVersion: 1 }),
      ]),
    });
    const { items } = JSON.parse(await done(['enroll', '--json'], 'operator'));
    expect(items).toMatchObject([{ party: 'VU' }]);

    const asked = ['ask', '--providers', 'VU', '--json'];
    expect(JSON.parse(await done(asked, 'requester'))).toMatchObject({
      state: 'answered',
      results: [{ providers: ['VU'] }],
    });

    const asSteward = await done(['audit', 'show', 'VU'], 'steward:VU');
    expect(asSteward).toContain('agreement version 1, by its file');
    expect(asSteward).toContain('left the house, to');
    expect(await done(['audit', 'show', '--data', 'vu'])).toBe(asSteward);
    await done(['backup', '--data', 'vu', '--to', 'kept']);

    expect(await first.stop()).toBe(0);
    const { to } = JSON.parse(await done(['keys', 'rotate', '--data', 'vu', '--json']));
    await agent();
    expect(JSON.parse(await done(['enroll', '--json'], 'operator')).items).toMatchObject([
      { party: 'VU', key: to },
    ]);

    await done(['audit', 'export', '--data', 'gateway', '--output', 'gateway.jsonl']);
    expect(await done(['audit', 'verify', 'gateway.jsonl'])).toContain('The audit log of gateway is whole');
    const verdict = ['audit', 'verify', '--data', 'vu', '--heads', 'gateway.jsonl', '--json'];
    expect(JSON.parse(await done(verdict))).toMatchObject({
      isSound: true,
      confirmedTo: 3,
      heads: { ofCounterparties: 1 },
    });
    const log = await readFile(join(folder, 'gateway.jsonl'), 'utf8');
    await writeFile(join(folder, 'altered.jsonl'), log.replace('party-enrolled', 'party-revoked'));
    expect(await starling(folder, ['audit', 'verify', 'altered.jsonl'])).toMatchObject({
      status: 1,
      err: expect.stringContaining('audit-broken'),
    });
  });

  it('go on after the gateway and its issuer of tokens have other keys', async () => {
    const port = await freePort();
    url = `https://localhost:${port}`;
    await done(['certificates', 'ca', '--out', 'ca']);
    await done(['certificates', 'issue', 'localhost', '--ca', 'ca', '--out', 'tls']);
    const first = await gateway(port);
    await writeFile(join(folder, 'vu.token'), await done(['enroll', 'invite', 'VU'], 'operator'));
    await done(['enroll', 'accept', '@vu.token', '--data', 'vu', '--yes']);
    const { child } = await agent();
    const earlier = await token('requester');
    expect(await first.stop()).toBe(0);
    const rotate = ['keys', 'rotate', '--data', 'gateway', '--json'];
    const { to: gatewayKey } = JSON.parse(await done(rotate));
    const { to: issuerKey } = JSON.parse(await done([...rotate, '--issuer']));
    expect(await starling(folder, ['keys', 'rotate', '--data', 'vu', '--issuer'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('issues no tokens'),
    });
    const back = new Promise<void>((resolve) => {
      child.stdout?.on('data', (bytes: Buffer) => {
        if (/Connection +connected/.test(bytes.toString())) resolve();
      });
    });
    await gateway(port);
    await back;
    const asked = ['ask', '--providers', 'VU', '--json'];
    const answered = { state: 'answered', results: [{ providers: ['VU'] }] };
    expect(JSON.parse(await done(asked, 'requester'))).toMatchObject(answered);
    const withEarlier = await starling(folder, asked, { ...here(), STARLING_TOKEN: earlier });
    expect(JSON.parse(withEarlier.out)).toMatchObject(answered);
    const kept = JSON.parse(await readFile(join(folder, 'vu', 'enrolment.json'), 'utf8'));
    expect([kept.gatewayKeys.current.kid, kept.issuers[0].keys.current.kid]).toEqual([gatewayKey, issuerKey]);
  });

  it('follow the file of the agent, and keep what was in force where it is wrong', async () => {
    const port = await freePort();
    url = `https://localhost:${port}`;
    await done(['certificates', 'ca', '--out', 'ca']);
    await done(['certificates', 'issue', 'localhost', '--ca', 'ca', '--out', 'tls']);
    await gateway(port);
    await writeFile(join(folder, 'vu.token'), await done(['enroll', 'invite', 'VU'], 'operator'));
    await done(['enroll', 'accept', '@vu.token', '--data', 'vu', '--yes']);
    const { child } = await agent();
    const said = (text: string) =>
      new Promise<void>((resolve) => {
        child.stderr?.on('data', (bytes: Buffer) => {
          if (bytes.toString().includes(text)) resolve();
        });
      });
    const refused = said('the changed configuration is not in force');
    await appendFile(join(folder, 'vu.yaml'), '\nsurprise: 1\n');
    await refused;
    const taken = said('the configuration was read again');
    await writeFile(
      join(folder, 'vu.yaml'),
      exampleConfiguration().replace('minimumGroupSize: 10', 'minimumGroupSize: 11'),
    );
    await taken;
    expect(await done(['audit', 'show', '--data', 'vu'])).toContain('agreement version 2, by its file');
  });
});
