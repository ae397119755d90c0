import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineTls, etcdCredentials, natsCredentials } from './engine-credentials.js';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-credentials-'));
  await writeFile(file('password'), 'open sesame\n');
  await writeFile(file('creds'), '-----BEGIN NATS USER JWT-----\n');
  await writeFile(file('pem'), 'PEM');
});
afterAll(() => rm(folder, { recursive: true }));

describe('credentials from the environment', () => {
  it('are none where nothing is given, or it is empty', async () => {
    expect(await etcdCredentials({})).toBeUndefined();
    expect(await natsCredentials({ STARLING_NATS_CREDS_FILE: '' })).toBeUndefined();
    expect(await engineTls({}, 'ETCD')).toEqual({});
  });

  it('are a user with the password in a file', async () => {
    const environment = { STARLING_ETCD_USER: 'starling', STARLING_ETCD_PASSWORD_FILE: file('password') };
    expect(await etcdCredentials(environment)).toEqual({ user: 'starling', password: 'open sesame' });
  });

  it('of NATS are a creds file, a token, or a user', async () => {
    expect(await natsCredentials({ STARLING_NATS_CREDS_FILE: file('creds') })).toEqual({
      creds: '-----BEGIN NATS USER JWT-----\n',
    });
    expect(await natsCredentials({ STARLING_NATS_TOKEN_FILE: file('password') })).toEqual({
      token: 'open sesame',
    });
    const user = { STARLING_NATS_USER: 'starling', STARLING_NATS_PASSWORD_FILE: file('password') };
    expect(await natsCredentials(user)).toEqual({ user: 'starling', password: 'open sesame' });
  });

  it('are refused where they contradict, or half of them is missing', async () => {
    const unusable = (message: string) => ({
      code: 'configuration-invalid',
      message: expect.stringContaining(message),
    });
    await expect(etcdCredentials({ STARLING_ETCD_USER: 'starling' })).rejects.toMatchObject(
      unusable('Give STARLING_ETCD_USER and STARLING_ETCD_PASSWORD_FILE, or neither'),
    );
    const two = { STARLING_NATS_CREDS_FILE: file('creds'), STARLING_NATS_USER: 'starling' };
    await expect(natsCredentials(two)).rejects.toMatchObject(
      unusable('STARLING_NATS_CREDS_FILE and STARLING_NATS_USER are given'),
    );
    await expect(engineTls({ STARLING_NATS_CERT_FILE: file('pem') }, 'NATS')).rejects.toMatchObject(
      unusable('Give STARLING_NATS_CERT_FILE and STARLING_NATS_KEY_FILE, or neither'),
    );
    await expect(natsCredentials({ STARLING_NATS_CREDS_FILE: file('none') })).rejects.toMatchObject(
      unusable('that STARLING_NATS_CREDS_FILE names cannot be read'),
    );
  });

  it('of TLS are the authority, and a certificate with its key', async () => {
    const environment = {
      STARLING_ETCD_CA_FILE: file('pem'),
      STARLING_ETCD_CERT_FILE: file('pem'),
      STARLING_ETCD_KEY_FILE: file('pem'),
    };
    expect(await engineTls(environment, 'ETCD')).toEqual({ ca: 'PEM', certificate: 'PEM', key: 'PEM' });
  });
});
