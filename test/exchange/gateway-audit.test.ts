import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readReceivedHeads, verifyAuditHead, verifyAuditLog } from '../../src/kernel/audit/index.js';
import { contentHash, openSigningKey } from '../../src/kernel/identity/index.js';
import type { Json } from '../../src/kernel/state/index.js';
import { openStateReader } from '../../src/kernel/state/index.js';
import { ada, openTestConsortium, type TestConsortium } from './test-consortium.js';

let test: TestConsortium;
afterEach(() => rm(test.folder, { recursive: true, force: true }));

const operator = { person: { id: 'olga@surf.example', roles: ['operator' as const] } };

/** Everything in the gateway's own log. */
async function entries() {
  return (await test.consortium.audit.page({ limit: 1_000 })).items;
}

/** The data of all entries of a type. */
async function of(type: string): Promise<Json[]> {
  return (await entries()).filter((entry) => entry.type === type).map(({ data }) => data);
}

/** The heads of the gateway's log that the agents were sent and kept, verified. */
async function headsAtAgents(folder: string) {
  const { publicKey } = await openSigningKey(join(folder, 'gateway', 'keys', 'gateway.key'));
  const heads = [];
  for (const party of ['VU', 'UVA']) {
    const state = await openStateReader(join(folder, 'agents', party, 'state'));
    for (const { owner, head } of await readReceivedHeads(state)) {
      if (owner === 'gateway') heads.push(await verifyAuditHead(head, [publicKey], owner));
    }
    await state.close();
  }
  return heads;
}

it('tells who asked what, what was decided and released, and who changed what, as the agents can show', async () => {
  test = await openTestConsortium();
  const { exchange } = test.consortium;
  const record = await test.ask({ dataProviders: ['VU', 'UVA'], archetype: 'computeToData' });
  expect(record.state).toBe('answered');
  const orders = [`${record.id}/UVA/dataProvider`, `${record.id}/VU/dataProvider`];
  const approved = await of('request-approved');
  expect(approved).toMatchObject([
    {
      request: record.id,
      job: record.job,
      user: ada.id,
      dataSet: 'wageGap',
      statement: contentHash(record.question.query),
      algorithm: { name: 'average' },
      parts: [{ archetype: 'computeToData', providers: ['UVA', 'VU'] }],
      decisions: [
        { provider: 'UVA', approved: true },
        { provider: 'VU', approved: true },
      ],
      orders: expect.arrayContaining(orders),
    },
  ]);
  const ended = await of('order-ended');
  expect(ended).toHaveLength(2);
  for (const order of orders) {
    const data = { order, request: record.id, outcome: 'released', released: expect.any(String) };
    expect(ended).toContainEqual(expect.objectContaining(data));
  }
  expect(await of('request-answered')).toMatchObject([{ request: record.id, user: ada.id }]);
  expect((await of('agreement-taken')).map((data) => JSON.stringify(data))).toEqual(
    expect.arrayContaining([
      expect.stringContaining('"party":"VU"'),
      expect.stringContaining('"party":"UVA"'),
    ]),
  );

  await exchange.answer(record.id, 'csv', { caller: { person: { id: ada.id, roles: ['requester'] } } });
  expect(await of('answer-read')).toMatchObject([{ request: record.id, format: 'csv', by: ada.id }]);
  await exchange.eraseAnswer(record.id, operator);
  expect(await of('answer-erased')).toMatchObject([{ request: record.id, by: operator.person.id }]);

  const party = { name: 'TNO', roles: ['requester' as const] };
  await exchange.putObject('parties', 'TNO', party, { caller: operator });
  await exchange.removeObject('parties', 'TNO', { caller: operator });
  const change = { kind: 'parties', name: 'TNO', by: operator.person.id };
  expect(await of('configuration-changed')).toEqual([
    { ...change, hash: contentHash(party) },
    { ...change, hash: null },
  ]);
  await exchange.revoke(record.job ?? '', 'the project is over', operator);
  expect(await of('job-revoked')).toMatchObject([
    { job: record.job, user: ada.id, cause: 'the project is over', by: operator.person.id },
  ]);
  const refused = await test.ask({ user: { id: 'bob@university.example' }, dataProviders: ['VU'] });
  expect(await of('request-refused')).toMatchObject([
    { request: refused.id, user: 'bob@university.example', decisions: [{ provider: 'VU', approved: false }] },
  ]);

  const all = await entries();
  await test.stop();
  const heads = await headsAtAgents(test.folder);
  expect(heads.length).toBeGreaterThan(0);
  const report = await verifyAuditLog(all, { owner: 'gateway', heads });
  expect(report).toMatchObject({ isSound: true, findings: [] });
  const rewritten = all.map((entry) => (entry.type === 'request-approved' ? { ...entry, data: {} } : entry));
  expect((await verifyAuditLog(rewritten, { owner: 'gateway', heads })).isSound).toBe(false);
});
