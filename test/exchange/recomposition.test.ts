import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/systems/exchange/index.js';
import type { Agreement, Relation, RequestBody } from '../../src/systems/exchange/model/index.js';
import { ada, openTestConsortium, type TestConsortium } from './test-consortium.js';

const grace = { id: 'grace@university.example' };

/** Takes longer than any test. */
const slow = {
  user: grace,
  dataProviders: ['VU'],
  query: 'SELECT count(*) AS n FROM Personen a, Personen b, Personen c WHERE a.BKO + b.SKO + c.BKO = 9',
} satisfies RequestBody;

let test: TestConsortium;
let agreements: Record<'VU' | 'UVA', Agreement>;

beforeAll(async () => {
  test = await openTestConsortium();
  agreements = { VU: inForce('VU'), UVA: inForce('UVA') };
});
afterAll(() => test.remove());

beforeEach(async () => {
  for (const party of ['VU', 'UVA'] as const) await put(party, agreements[party]);
});

const archetypesOf = ({ composition }: RequestRecord): string[] | undefined =>
  composition?.parts.map(({ archetype }) => archetype);

function inForce(party: string): Agreement {
  const agreement = test.consortium.exchange.catalogue().agreements.get(party)?.value;
  if (agreement === undefined) throw new Error(`The example has an agreement of ${party}.`);
  return agreement;
}

const put = (party: string, agreement: Agreement) =>
  test.consortium.exchange.putObject('agreements', party, agreement, {});

/** The agreement of a party with other words in the relation of one requester. */
function changed(party: 'VU' | 'UVA', user: string, changes: Partial<Relation>): Agreement {
  const { relations, ...rest } = agreements[party];
  const relation = relations[user];
  if (relation === undefined) throw new Error(`${party} has a relation with ${user}.`);
  return { ...rest, relations: { ...relations, [user]: { ...relation, ...changes } } };
}

/** Asks, and resolves when the run computes. */
async function computing(body: RequestBody) {
  const { exchange } = test.consortium;
  const asked = await exchange.ask(body);
  for await (const event of exchange.events(asked.id, 0, new AbortController().signal)) {
    if (event.message === 'execute') break;
  }
  return asked;
}

describe('an agreement that changes while a query runs', () => {
  it('stops the run where it takes its ground, and the job goes on by what holds now', async () => {
    const { exchange } = test.consortium;
    const asked = await computing(slow);
    const { job = '' } = await exchange.request(asked.id);
    await put('VU', changed('VU', grace.id, { limits: { rows: 100 } }));
    const record = await asked.ended;
    expect([record.state, record.error?.code]).toEqual(['failed', 'ground-lost']);
    expect(record.error?.message).toContain('VU changed its limits (agreement version ');
    const { state, revision, history } = await exchange.job(job);
    expect([state, revision]).toEqual(['live', 2]);
    expect(history.map(({ type }) => type)).toEqual(['created', 'asked', 'recomposed', 'failed']);
    expect(history[2]?.cause).toContain('VU changed its limits');
    // put back, it is composed as it was, and answers
    await put('VU', agreements.VU);
    const query = 'SELECT Geslacht FROM Personen WHERE BKO = 1 LIMIT 10';
    const again = await (await exchange.followUp(job, { user: grace, query })).ended;
    expect([again.state, again.jobRevision]).toEqual(['answered', 3]);
  });

  it('lets the run finish where it touches somebody else', async () => {
    const { exchange } = test.consortium;
    const asked = await computing({ ...slow, limits: { timeSeconds: 2 } });
    await put('VU', changed('VU', ada.id, { limits: { timeSeconds: 5 } }));
    const record = await asked.ended;
    expect(record.error?.code).toBe('time-limit');
    expect((await exchange.job(record.job ?? '')).revision).toBe(1);
  });
});

describe('a live job', () => {
  it('goes on as another archetype when VU withdraws computeToData', async () => {
    const { exchange } = test.consortium;
    const first = await test.ask({ dataProviders: ['UVA', 'VU'] });
    expect(archetypesOf(first)).toEqual(['computeToData']);
    await put('VU', changed('VU', ada.id, { archetypes: ['federatedAggregate'] }));
    const again = await (await exchange.followUp(first.job ?? '', { user: ada })).ended;
    expect([again.state, archetypesOf(again)]).toEqual(['answered', ['federatedAggregate']]);
    expect(again.results.map(({ providers, computedAt }) => [providers, computedAt])).toEqual([
      [['UVA', 'VU'], 'SURF'],
    ]);
    expect((await exchange.job(first.job ?? '')).history.map(({ cause }) => cause)).toContainEqual(
      expect.stringMatching(/^VU withdrew computeToData \(agreement version \d+\)$/),
    );
  });

  it('goes on as another archetype when the operator removes its own, which agreements still name', async () => {
    const { exchange } = test.consortium;
    const { job = '', composition } = await test.ask({ dataProviders: ['UVA', 'VU'] });
    expect(composition?.parts.map(({ archetype }) => archetype)).toEqual(['computeToData']);
    const archetype = exchange.catalogue().archetypes.get('computeToData')?.value;
    if (archetype === undefined) throw new Error('The example has computeToData.');
    await exchange.removeObject('archetypes', 'computeToData', {});
    const again = await (await exchange.followUp(job, { user: ada })).ended;
    expect([again.state, archetypesOf(again)]).toEqual(['answered', ['federatedAggregate']]);
    expect((await exchange.agreementDryRun('VU', agreements.VU)).unknown).toContainEqual(
      expect.stringContaining('there is no archetype computeToData'),
    );
    expect(inForce('VU')).toEqual(agreements.VU);
    await exchange.putObject('archetypes', 'computeToData', archetype, {});
  });

  it('of a requester whom every provider lets go is over, and says why', async () => {
    const { exchange } = test.consortium;
    const { job = '' } = await test.ask({ dataProviders: ['UVA'] });
    await put('UVA', { ...agreements.UVA, relations: {} });
    await expect(exchange.followUp(job, { user: ada })).rejects.toMatchObject({
      code: 'job-ended',
      message: expect.stringContaining(`UVA has no relation with ${ada.id} in its agreement`),
    });
    expect((await exchange.job(job)).state).toBe('revoked');
  });

  it('is what a dry run says that a change would touch, and a dry run changes nothing', async () => {
    const { exchange } = test.consortium;
    const { job = '' } = await test.ask({ dataProviders: ['UVA'] });
    const then = await exchange.agreementDryRun('UVA', null);
    expect(then.jobs).toContainEqual(expect.objectContaining({ job, user: ada.id, becomes: 'revoked' }));
    expect(then.users.map(({ user, change }) => [user, change])).toContainEqual([ada.id, 'removed']);
    expect((await exchange.job(job)).state).toBe('live');
    expect(inForce('UVA')).toEqual(agreements.UVA);
  });
});
