import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEnrolment } from '../../src/cli/serve/enrolment-file.js';
import { type ServedAgent, serveAgent } from '../../src/cli/serve/serve-agent.js';
import { type ServedGateway, serveGateway } from '../../src/cli/serve/serve-gateway.js';
import { systemClock } from '../../src/kernel/clock/index.js';
import { openDataFolder } from '../../src/kernel/data-folder/index.js';
import { type Issuer, openIssuer, openSigningKey, type Role } from '../../src/kernel/identity/index.js';
import { madeKey } from '../../src/kernel/identity/made-key.js';
import { type MadeServer, openMadeServer } from '../../src/kernel/made-server/index.js';
import { exampleConfiguration, loadConfiguration } from '../../src/systems/exchange/index.js';
import { enrol } from '../../src/systems/exchange/link/index.js';
import { until } from '../../src/systems/exchange/link/made-link.js';
import { freePort } from '../operation/free-port.js';
import { type Call, documentedCalls } from './documented-call.js';
import { as } from './signed-in-gateway.js';

const audience = 'starling';
const udo = 'udo@uva.example';
const invitation = { ttlSeconds: 600 } as const;

/** An issuer of tokens with an address of its own. */
interface ServedIssuer {
  readonly issuer: Issuer;
  readonly url: string;
  readonly server: MadeServer;
}

/** One whom everybody trusts, and one whom the gateway alone does. */
let trusted: ServedIssuer;
let foreign: ServedIssuer;
let folder: string;
let gateway: ServedGateway;
let agent: ServedAgent;
let call: Call;

async function openServedIssuer(): Promise<ServedIssuer> {
  const server = await openMadeServer(({ url: path }, reply) => {
    reply.end(JSON.stringify(path === '/.well-known/jwks.json' ? issuer.jwks() : issuer.discovery()));
  });
  const { url } = server;
  const issuer = openIssuer({ key: madeKey(), issuer: url, audience, clock: systemClock });
  return { issuer, url, server };
}

const signedIn = async (user: string, role: Role, by = trusted) =>
  as(await by.issuer.mint({ user, roles: [role], ...invitation }));
const olga = () => signedIn('olga@consortium.example', 'operator');
const vera = () => signedIn('vera@vu.example', 'steward:VU');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-agents-'));
  [trusted, foreign] = await Promise.all([openServedIssuer(), openServedIssuer()]);
  const example = exampleConfiguration();
  // the gateway calls a steward of UVA one of VU, which VU's own agent knows nothing of
  const grants = `grants: { ${udo}: ["steward:VU"] }`;
  const issuers = [
    `{ issuer: "${trusted.url}", audience: ${audience}, ${grants} }`,
    `{ issuer: "${foreign.url}", audience: ${audience} }`,
  ];
  const away = example.replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
  const configuration = loadConfiguration(
    `${away}\naccess: { issuers: [${issuers.join(', ')}] }\n`,
    'gateway.yaml',
  );
  const own = `${example}\naccess: { issuers: [{ issuer: "${trusted.url}", audience: ${audience} }] }\n`;
  await writeFile(join(folder, 'vu.yaml'), own);
  gateway = await serveGateway({
    folder: join(folder, 'gateway'),
    configuration,
    configurationFile: join(folder, 'gateway.yaml'),
    host: '127.0.0.1',
    port: await freePort(),
    publicUrl: undefined,
    tls: undefined,
    allowedHosts: [],
    logLevel: 'error',
    keepAnswersMs: 3_600_000,
    keepRecordsDays: 1,
  });
  call = documentedCalls(gateway.url);
});

afterAll(async () => {
  await agent?.close();
  await gateway?.close();
  for (const { server } of [trusted, foreign]) {
    await server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

const ask = async (headers: Readonly<Record<string, string>>) =>
  (
    await call('POST', '/api/v1/requests', {
      headers: { ...headers, prefer: 'wait=30' },
      body: { dataProviders: ['VU'] },
    })
  ).body;

describe('a gateway with the agent of a party', { timeout: 60_000 }, () => {
  it('is enrolled at with a token that counts once, and sees the agent', async () => {
    const { body } = await call<{ token: string }>('POST', '/api/v1/parties/VU/enrolment', {
      headers: await olga(),
    });
    const own = join(folder, 'VU');
    await mkdir(own);
    await openDataFolder({ folder: own, kind: 'agent', party: 'VU' });
    const key = await openSigningKey(join(own, 'keys', 'party.key'));
    const { url, gatewayKeys } = await enrol({ token: body.token, key });
    expect(gatewayKeys.current.kid).toBe(gateway.key);
    await expect(enrol({ token: body.token, key })).rejects.toMatchObject({ code: 'enrolment-refused' });
    const enrolment = { party: 'VU', url, gateway: gateway.key, gatewayKeys, issuers: [] };
    await writeEnrolment(own, enrolment);
    agent = await serveAgent({
      party: 'VU',
      folder: own,
      configurationFile: join(folder, 'vu.yaml'),
      logLevel: 'error',
    });
    const { connection } = agent;
    await until(
      (callback) => connection.onChange(callback),
      () => connection.status().state === 'connected',
    );
    const status = await call('GET', '/api/v1/status', { headers: await olga() });
    expect(status.body.parties).toContainEqual(expect.objectContaining({ id: 'VU', online: true }));
  });

  it('answers, and is refused by the agent for a person whom the gateway alone believes', async () => {
    const ada = 'ada@university.example';
    expect(await ask(await signedIn(ada, 'requester'))).toMatchObject({ state: 'answered' });
    const refused = await ask(await signedIn(ada, 'requester', foreign));
    expect(refused).toMatchObject({ code: 'order-refused', party: 'VU' });
  });

  it('shows its steward what left the house and what was refused', async () => {
    const { status, body } = await call<{ items: { type: string; data: Record<string, unknown> }[] }>(
      'GET',
      '/api/v1/parties/VU/audit?limit=100',
      { headers: await vera() },
    );
    expect(status).toBe(200);
    const ofOrders = body.items.filter(({ type }) => ['released', 'order-refused'].includes(type));
    expect(ofOrders).toMatchObject([
      { type: 'released', data: { user: 'ada@university.example' } },
      { type: 'order-refused', data: { reasons: [expect.stringContaining('not trusted here')] } },
    ]);
  });

  it('cannot make a steward of its own for the party: the agent refuses', async () => {
    const headers = await signedIn(udo, 'steward:UVA');
    const agreement = async () =>
      (await call('GET', '/api/v1/agreements/VU', { headers: await vera() })).body;
    const before = await agreement();
    // the gateway takes him for one: it shows him what is for stewards alone
    const party = await call('GET', '/api/v1/parties/VU', { headers });
    expect(party.body.agent).toHaveProperty('runs');
    const read = await call('GET', '/api/v1/parties/VU/audit', { headers });
    expect([read.status, read.body.code]).toEqual([403, 'role-missing']);
    const changed = await call('PUT', '/api/v1/agreements/VU', { headers, body: { relations: {} } });
    expect([changed.status, changed.body.code]).toEqual([403, 'role-missing']);
    expect(await agreement()).toEqual(before);
  });

  it('ends the stream when the enrolment is revoked, and lets the agent in no more', async () => {
    const { connection } = agent;
    const { status } = await call('DELETE', '/api/v1/parties/VU/enrolment', { headers: await olga() });
    expect(status).toBe(204);
    await until(
      (callback) => connection.onChange(callback),
      () => connection.status().error?.code === 'signature-invalid',
    );
    const parties = (await call('GET', '/api/v1/status', { headers: await olga() })).body.parties;
    expect(parties).not.toContainEqual(expect.objectContaining({ id: 'VU', online: true }));
  });
});
