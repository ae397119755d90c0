import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/clock/index.js';
import { createTokenVerifier, openIssuer } from '../../src/kernel/identity/index.js';
import { madeKey } from '../../src/kernel/identity/made-key.js';
import { createTelemetry, type Telemetry } from '../../src/kernel/telemetry/index.js';
import type { ExecuteOptions } from '../../src/systems/exchange/agent/agent.js';
import { openPartyAgent, type PartyAgent } from '../../src/systems/exchange/agent/index.js';
import { madeClaims, madeOrder } from '../../src/systems/exchange/agent/made-order.js';
import type { Agreement, Catalogue } from '../../src/systems/exchange/model/index.js';
import { type OrderClaims, openReceipt } from '../../src/systems/exchange/order/index.js';
import { probeCaps } from '../../src/systems/exchange/runs/index.js';
import { wageGap } from '../../src/systems/exchange/scenarios/consortium.js';
import { ada, decidedQuestion } from '../../src/systems/exchange/scenarios/decided-question.js';

/** The gateway has its own, pinned key, and signs whatever it likes. */
const gateway = madeKey();
const issuerKey = madeKey();
const url = 'https://issuer.example';
const audience = 'starling';
const issuer = openIssuer({ key: issuerKey, issuer: url, audience, clock: systemClock });
const stranger = openIssuer({ key: madeKey(), issuer: url, audience, clock: systemClock });
const elsewhere = openIssuer({ key: issuerKey, issuer: url, audience: 'another', clock: systemClock });
const issuers = [{ issuer: url, audience, keys: [issuerKey.publicKey] }];

const sample = { seed: 1, people: 200, appointments: 300 };
const asked = decidedQuestion({
  query: 'SELECT Unieknr, Geslacht FROM Personen',
  algorithm: { name: 'count', groupBy: ['Geslacht'] },
});
const agreement = asked.catalogue.agreements.get('VU')?.value;

let folder: string;
let telemetry: Telemetry;
let opened: PartyAgent;
let orders = 0;

async function open(): Promise<PartyAgent> {
  const entry = { revision: 1, source: 'file' as const, changedAt: '2026-01-01T00:00:00.000Z' };
  const dataSets = new Map([['wageGap', { ...entry, value: { ...wageGap, sources: { VU: { sample } } } }]]);
  const declared: Catalogue = { ...asked.catalogue, dataSets };
  const party = await openPartyAgent({
    party: 'VU',
    folder: join(folder, 'VU'),
    sourceFolder: folder,
    declarations: () => declared,
    trust: {
      gatewayKeys: () => [gateway.publicKey],
      people: createTokenVerifier({ issuers, clock: systemClock }),
    },
    sizes: { warm: 0, max: 1, queue: 4, memoryMegabytes: 512, timeSeconds: 60 },
    support: await probeCaps(),
    clock: systemClock,
    telemetry,
  });
  await party.book.applyFile(agreement);
  await party.agent.start();
  return party;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-hostile-gateway-'));
  telemetry = await createTelemetry({ service: 'test', version: '0', logLevel: 'error', environment: {} });
  opened = await open();
});
afterAll(async () => {
  await opened.close();
  await telemetry.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

const mint = (from = issuer, user = ada.id) => from.mint({ user, roles: ['requester'], ttlSeconds: 60 });

/** What makes an order one of now, by Ada. */
async function now() {
  orders += 1;
  const iat = Math.floor(systemClock.wallTime() / 1000);
  return { jti: `order ${orders}`, iat, nbf: iat, exp: iat + 60, token: await mint() };
}

/** A sound order of now, with `changes` that the gateway signs, too. */
async function claimsWith(changes: Partial<OrderClaims> = {}): Promise<OrderClaims> {
  return { ...madeClaims(asked, 'VU', await now()), ...changes };
}

const options: ExecuteOptions = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onRows: () => Promise.reject(new Error('No rows were asked for.')),
};

const execute = async (claims: OrderClaims, key = gateway) =>
  opened.agent.execute(await madeOrder(claims, key), options);

/** The newest entry of the party's audit log. */
async function newest() {
  const { items } = await opened.audit.page({ limit: 1_000 });
  return items.at(-1);
}

/** Has an order refused; gives its reasons, which the log has, too. */
async function refused(claims: OrderClaims, key = gateway): Promise<readonly string[]> {
  const before = opened.agent.status().runs.finished;
  const error = await execute(claims, key).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'order-refused', details: { party: 'VU' } });
  const { reasons } = (error as { details: { reasons: string[] } }).details;
  expect(await newest()).toMatchObject({ type: 'order-refused', data: { reasons } });
  expect(opened.agent.status().runs.finished).toBe(before);
  return reasons;
}

describe('an order that holds', () => {
  it('is run once, in the log before its answer leaves, with a receipt that binds the party', async () => {
    const claims = await claimsWith();
    const { report, receipt } = await execute(claims);
    expect(report.result.kind).toBe('answer');
    const entry = await newest();
    expect(entry).toMatchObject({
      type: 'released',
      data: { order: claims.jti, user: ada.id, to: ada.id, statement: claims.question.query, groups: 2 },
    });
    const order = { ...claims, iss: gateway.publicKey.kid };
    const { claims: signed, head } = await openReceipt(receipt, order, [opened.key.publicKey]);
    expect([signed.outcome, signed.agreement]).toEqual(['released', claims.agreement]);
    expect([head.sequence, head.hash]).toEqual([entry?.sequence, entry?.hash]);
  });

  it('is never taken again, not even by an agent that was started anew', async () => {
    const claims = await claimsWith();
    await execute(claims);
    expect(await refused(claims)).toEqual(['It was given before.']);
    await opened.close();
    opened = await open();
    expect(await refused(claims)).toEqual(['It was given before.']);
  });
});

describe('an order of a hostile gateway is refused, and nothing runs', () => {
  it('where another gateway signed it', async () => {
    expect(await refused(await claimsWith(), madeKey())).toEqual([
      'It is signed with a key that is not of the gateway known here.',
    ]);
  });

  it('where it is of another time, or for another party', async () => {
    const iat = Math.floor(systemClock.wallTime() / 1000) - 7_000;
    const [late] = await refused(await claimsWith({ iat, nbf: iat, exp: iat + 60 }));
    expect(late).toMatch(/^Its time was over at .* the clock of VU says /);
    const soon = iat + 14_000;
    const [early] = await refused(await claimsWith({ iat: soon, nbf: soon, exp: soon + 60 }));
    expect(early).toMatch(/^Its time begins at .* the clock of VU says /);
    expect(await refused(await claimsWith({ aud: 'UVA' }))).toEqual(['It is for UVA, and this is VU.']);
  });

  it('where the person did not ask: no token, or that of another, of a stranger, for somebody else', async () => {
    const { token: _, ...without } = await claimsWith();
    expect(await refused(without)).toEqual(['It brings no token of the person who asks.']);
    const eve = await mint(issuer, 'eve@u.example');
    expect(await refused(await claimsWith({ token: eve }))).toEqual([
      'Its token is of eve@u.example, and its question of ada@university.example.',
    ]);
    for (const token of [await mint(stranger), await mint(elsewhere), 'no token', `${eve}x`]) {
      expect((await refused(await claimsWith({ token })))[0]).toMatch(/^VU does not believe its token: /);
    }
    const steward = await issuer.mint({ user: ada.id, roles: ['steward:VU'], ttlSeconds: 60 });
    expect(await refused(await claimsWith({ token: steward }))).toEqual([
      'ada@university.example does not have the role requester, as far as VU knows.',
    ]);
  });

  it('where its question is put into the mouth of somebody whom the agreement does not know', async () => {
    const question = { ...asked.question, user: { id: 'eve@u.example' } };
    const token = await mint(issuer, 'eve@u.example');
    expect(await refused(await claimsWith({ question, token }))).toEqual([
      'VU has no relation with eve@u.example in its agreement. Ask the data steward of VU to add one.',
    ]);
  });

  it('where it rests on another agreement or data set than is in force', async () => {
    expect((await refused(await claimsWith({ agreement: 'stale' })))[0]).toMatch(
      /^It rests on another version of the agreement than is in force at VU \(version 1\)/,
    );
    expect(await refused(await claimsWith({ dataSet: 'other' }))).toEqual([
      'Data set wageGap is declared otherwise at VU than the gateway takes it to be.',
    ]);
    expect(await refused(await claimsWith({ inputs: 'other' }))).toEqual([
      'Its inputs are not those that the gateway signed.',
    ]);
  });

  it('where somebody changes the agreement who may not', async () => {
    const token = await mint();
    const caller = { person: { id: ada.id, roles: ['steward:VU' as const] }, token };
    await expect(opened.agent.changeAgreement({ agreement: null, caller })).rejects.toMatchObject({
      code: 'role-missing',
    });
    const nobody = { person: { id: 'gateway', roles: ['steward:VU' as const] } };
    await expect(opened.agent.changeAgreement({ agreement: null, caller: nobody })).rejects.toMatchObject({
      code: 'token-missing',
    });
    const stewardOfUva = await issuer.mint({ user: 's', roles: ['steward:UVA'], ttlSeconds: 60 });
    await expect(
      opened.agent.audit({ limit: 1, caller: { person: caller.person, token: stewardOfUva } }),
    ).rejects.toMatchObject({ code: 'role-missing' });
    expect(opened.book.current()?.version).toBe(1);
  });
});

describe('an order that runs when the agreement is withdrawn', () => {
  it('is stopped with what it lost, and the log says so', async () => {
    const query =
      'SELECT count(*) AS n FROM Personen a, Personen b, Personen c, Personen d WHERE a.BKO + b.BKO = 9';
    const slow = decidedQuestion({ query }, { relation: { output: { form: 'rows' } } });
    const token = await issuer.mint({ user: 'steward@vu.example', roles: ['steward:VU'], ttlSeconds: 60 });
    const change = (to: Agreement | null) =>
      opened.agent.changeAgreement({
        agreement: to,
        caller: { person: { id: 'told by the gateway', roles: [] }, token },
      });
    await change(slow.catalogue.agreements.get('VU')?.value ?? null);
    const order = await madeOrder(madeClaims(slow, 'VU', await now()), gateway);
    let withdrawn: Promise<unknown> | undefined;
    const executing = opened.agent.execute(order, {
      ...options,
      onProgress: ({ phase }) => {
        if (phase === 'execute') withdrawn ??= change(null);
      },
      onRows: async (rows) => {
        await buffer(rows);
      },
    });
    await expect(executing).rejects.toMatchObject({
      code: 'ground-lost',
      details: { reasons: [expect.stringMatching(/^VU .* has no agreement/)], receipt: expect.any(String) },
    });
    expect(await withdrawn).toMatchObject({ version: 3, changedBy: 'steward@vu.example' });
    const { items } = await opened.audit.page({ limit: 1_000 });
    const last = items.slice(-3).map(({ type }) => type);
    expect(last.sort()).toEqual(['agreement-changed', 'order-failed', 'order-received']);
    expect(items.findLast(({ type }) => type === 'order-failed')?.data).toMatchObject({
      code: 'ground-lost',
      statement: query,
    });
  });
});
