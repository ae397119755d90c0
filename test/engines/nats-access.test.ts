import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { issueCertificate, makeAuthority } from '../../src/kernel/certificates/index.js';
import { Closers } from '../../src/kernel/closers/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { openNatsQueues } from '../../src/kernel/queue/index.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Who may use NATS is not tested: ${missing}`);

const logger = { info: () => {}, warn: () => {}, error: () => {} };
const closers = new Closers();

afterEach(() => closers.close());

async function server(configuration: string): Promise<string[]> {
  const started = await startNats({ configuration });
  closers.push(() => started.close());
  return started.urls;
}

async function fileOf(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-nats-'));
  closers.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** Publishes, takes and acknowledges. */
async function expectWork(options: Parameters<typeof openNatsQueues>[0]): Promise<void> {
  const queues = await openNatsQueues({ logger, ...options });
  closers.push(() => queues.close());
  const queue = await queues.open('work');
  await queue.publish(Buffer.from('one'));
  const [delivery] = await queue.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
  expect(Buffer.from(delivery?.body ?? []).toString()).toBe('one');
  await queue.ack(delivery?.lease ?? '');
}

const short = { logger, patienceMs: 1_000 };

/** A text that says who somebody is, signed by another, as NATS has it (ADR-14). */
function signed(issuer: nkeys.KeyPair, subject: nkeys.KeyPair, nats: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iss = issuer.getPublicKey();
  const claims = { jti: 'one', iat: 1_700_000_000, iss, name: 'starling', sub: subject.getPublicKey() };
  const text = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part({ ...claims, nats: { ...nats, version: 2 } })}`;
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString('base64url')}`;
}

describe.skipIf(missing !== undefined)('NATS that asks who we are', () => {
  it('takes a token, and refuses another', async () => {
    const servers = await server('authorization { token: "right" }');
    await expectError(
      openNatsQueues({ servers, credentials: { token: 'wrong' }, ...short }),
      'storage-refused',
    );
    await expectWork({ servers, credentials: { token: 'right' } });
  });

  it('takes a .creds file of an account with JetStream, and refuses that of a user it does not know', async () => {
    const [operator, system, account, user, stranger] = [
      nkeys.createOperator(),
      nkeys.createAccount(),
      nkeys.createAccount(),
      nkeys.createUser(),
      nkeys.createAccount(),
    ];
    const all = {
      subs: -1,
      data: -1,
      payload: -1,
      imports: -1,
      exports: -1,
      wildcards: true,
      conn: -1,
      leaf: -1,
    };
    const stored = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
    const operatorText = signed(operator, operator, { type: 'operator' });
    const accountText = (one: nkeys.KeyPair, limits: object) =>
      `${one.getPublicKey()}: "${signed(operator, one, { type: 'account', limits })}"`;
    const servers = await server(`
      operator: "${operatorText}"
      system_account: ${system.getPublicKey()}
      resolver: MEMORY
      resolver_preload { ${accountText(system, all)}, ${accountText(account, { ...all, ...stored })} }
    `);
    const creds = (issuer: nkeys.KeyPair) =>
      [
        '-----BEGIN NATS USER JWT-----',
        signed(issuer, user, { type: 'user', subs: -1, data: -1, payload: -1 }),
        '------END NATS USER JWT------',
        '-----BEGIN USER NKEY SEED-----',
        Buffer.from(user.getSeed()).toString(),
        '------END USER NKEY SEED------',
      ].join('\n');
    const refused = openNatsQueues({ servers, credentials: { creds: creds(stranger) }, ...short });
    await expectError(refused, 'storage-refused');
    await expectWork({ servers, credentials: { creds: creds(account) } });
  });

  it('speaks TLS under an authority of our own, at an address without a name, and is believed under no other', async () => {
    const now = Date.now();
    const authority = await makeAuthority({ name: 'Test', days: 1, now });
    const other = await makeAuthority({ name: 'Other', days: 1, now });
    const configuration = async (name: string) => {
      const issued = await issueCertificate({ authority, names: [name], days: 1, now });
      const [certificate, key] = [
        await fileOf('server.crt', issued.certificate),
        await fileOf('server.key', issued.key),
      ];
      return `tls { cert_file: "${certificate}", key_file: "${key}" }`;
    };
    const servers = await server(await configuration('127.0.0.1'));
    const tls = { ca: authority.certificate };
    await expectWork({ servers, tls });
    await expectError(
      openNatsQueues({ servers, tls: { ca: other.certificate }, ...short }),
      'certificate-invalid',
    );
    await expectError(openNatsQueues({ servers, tls: true, ...short }), 'certificate-invalid');
    const elsewhere = await server(await configuration('10.0.0.1'));
    await expectError(openNatsQueues({ servers: elsewhere, tls, ...short }), 'certificate-invalid');
  });
});
