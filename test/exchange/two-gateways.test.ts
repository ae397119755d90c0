import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuditEntries, verifyAuditHead, verifyAuditLog } from '../../src/kernel/audit/index.js';
import { openEtcdState } from '../../src/kernel/state/index.js';
import { type Exchange, gatewayOwner, type RequestEvent } from '../../src/systems/exchange/index.js';
import type { RequestBody } from '../../src/systems/exchange/model/index.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { ada } from './test-consortium.js';
import {
  embedded,
  type OpenStates,
  openTestGateways,
  type TestGateway,
  type TestGateways,
} from './test-gateways.js';

const grace = { id: 'grace@university.example' };
const never = new AbortController().signal;

/** Takes longer than any test. */
const slow = {
  user: grace,
  dataProviders: ['VU'],
  query: 'SELECT count(*) AS n FROM Personen a, Personen b, Personen c WHERE a.BKO + b.SKO + c.BKO = 9',
} satisfies RequestBody;

const onEtcd: OpenStates = async () => {
  const server = await startEtcd();
  const open = () =>
    openEtcdState({ endpoints: [new URL(server.url).host], prefix: 'starling', timeoutMs: 20_000 });
  const states = [await open(), await open()] as const;
  return {
    states,
    close: async () => {
      await Promise.all(states.map((state) => state.close()));
      await server.close();
    },
  };
};

const missing = missingEtcd();
if (missing !== undefined) console.log(`Two gateways over etcd are not tested: ${missing}`);

/** Reads events until one of these types or messages. */
async function until(events: AsyncIterable<RequestEvent>, what: string): Promise<RequestEvent[]> {
  const read: RequestEvent[] = [];
  for await (const event of events) {
    read.push(event);
    if (event.type === what || event.message === what) break;
  }
  return read;
}

async function agreementOf(exchange: Exchange, party: string) {
  const agreement = exchange.catalogue().agreements.get(party)?.value;
  if (agreement === undefined) throw new Error(`The example has an agreement of ${party}.`);
  return agreement;
}

const engines = [
  { name: 'over one embedded state', openStates: embedded, skipped: false },
  { name: 'over etcd', openStates: onEtcd, skipped: missing !== undefined },
];

for (const { name, openStates, skipped } of engines) {
  describe.skipIf(skipped)(`two gateways ${name}`, () => {
    let test: TestGateways;
    let one: TestGateway;
    let two: TestGateway;

    beforeAll(async () => {
      test = await openTestGateways(openStates);
      [one, two] = test.gateways;
      await Promise.all([test.seen(one), test.seen(two)]);
    }, 120_000);
    afterAll(() => test.remove());

    it('both have the agents of all parties, each of which enrolled at one of them', () => {
      for (const [party, connection] of test.connections) {
        const { state, gateways } = connection.status();
        expect([party, state, gateways.map(({ url }) => url).sort()]).toEqual([
          party,
          'connected',
          [one.url, two.url].sort(),
        ]);
      }
    });

    it('what is asked at one is read, explained, asked again and erased at the other', async () => {
      const record = await (await one.exchange.ask({ user: ada, dataProviders: ['UVA', 'VU'] })).ended;
      expect(record.state).toBe('answered');
      expect(await two.exchange.request(record.id)).toEqual(JSON.parse(JSON.stringify(record)));
      expect((await two.exchange.explanation(record.id)).request).toBe(record.id);
      const job = record.job ?? '';
      const again = await (await two.exchange.followUp(job, { user: ada })).ended;
      expect([again.state, again.results.map(({ table }) => table?.rows)]).toEqual([
        'answered',
        record.results.map(({ table }) => table?.rows),
      ]);
      expect((await one.exchange.job(job)).questionsAsked).toBe(2);
      expect(await one.exchange.jobRequests(job)).toEqual([again.id, record.id]);
      const rows = {
        user: grace,
        dataProviders: ['VU'],
        query: 'SELECT Geslacht FROM Personen WHERE BKO = 1 LIMIT 10',
      };
      const released = await (await one.exchange.ask(rows)).ended;
      const csv = await text((await two.exchange.answer(released.id, 'csv')).body);
      expect(csv.split('\r\n')[0]).toBe('Geslacht');
      expect(csv).toBe(await text((await one.exchange.answer(released.id, 'csv')).body));
      await two.exchange.eraseAnswer(released.id);
      await expect(one.exchange.answer(released.id, 'csv')).rejects.toMatchObject({ code: 'result-gone' });
      expect((await test.state.list('/exchange/answer-blobs/')).entries).toEqual([]);
    });

    it('what runs at one is followed and cancelled at the other, which hears every event once', async () => {
      const asked = await one.exchange.ask(slow);
      const heard = await until(two.exchange.events(asked.id, 0, never), 'execute');
      const rest = until(two.exchange.events(asked.id, heard.at(-1)?.sequence ?? 0, never), 'cancelled');
      const cancelled = await two.exchange.cancel(asked.id);
      expect([cancelled.state, cancelled.error?.code]).toEqual(['cancelled', 'request-cancelled']);
      expect([...heard, ...(await rest)]).toEqual(cancelled.events);
      expect(await asked.ended).toEqual(await one.exchange.request(asked.id));
      expect((await test.state.list('/exchange/signals/')).entries).toEqual([]);
      expect((await test.state.list('/exchange/running/')).entries).toEqual([]);
    });

    it('a change by way of one stops what lost its ground at the other, and counts there at once', async () => {
      const asked = await one.exchange.ask(slow);
      await until(one.exchange.events(asked.id, 0, never), 'execute');
      const { job = '' } = await one.exchange.request(asked.id);
      const before = await agreementOf(two.exchange, 'VU');
      const relation = before.relations[grace.id];
      if (relation === undefined) throw new Error('VU has a relation with Grace.');
      const relations = { ...before.relations, [grace.id]: { ...relation, limits: { rows: 100 } } };
      await two.exchange.putObject('agreements', 'VU', { ...before, relations }, {});
      const record = await asked.ended;
      expect([record.state, record.error?.code]).toEqual(['failed', 'ground-lost']);
      // composed anew by one of them, once
      const { revision, history } = await two.exchange.job(job);
      expect([revision, history.filter(({ type }) => type === 'recomposed').length]).toEqual([2, 1]);
      const { [grace.id]: _, ...others } = before.relations;
      await two.exchange.putObject('agreements', 'VU', { ...before, relations: others }, {});
      const refused = await (await one.exchange.ask({ ...slow, dataProviders: ['VU'] })).ended;
      expect([refused.state, refused.error?.code]).toEqual(['refused', 'request-refused']);
      await expect(one.exchange.followUp(job, { user: grace })).rejects.toMatchObject({ code: 'job-ended' });
      await two.exchange.putObject('agreements', 'VU', before, {});
    });

    it('a job that is revoked at one stops at the other, and who is removed at one may ask at neither', async () => {
      const asked = await two.exchange.ask(slow);
      await until(two.exchange.events(asked.id, 0, never), 'execute');
      const { job = '' } = await two.exchange.request(asked.id);
      await one.exchange.revoke(job, 'It is over.');
      const record = await asked.ended;
      expect([record.state, record.error?.message]).toEqual([
        'failed',
        expect.stringContaining('It is over.'),
      ]);
      await one.exchange.removeUser(grace.id, 'She left.');
      const refused = await (await two.exchange.ask(slow)).ended;
      expect([refused.state, refused.error?.message]).toEqual([
        'refused',
        expect.stringContaining('She left.'),
      ]);
      expect(two.exchange.removedUsers().map(({ user }) => user)).toEqual([grace.id]);
      await two.exchange.admitUser(grace.id);
      const admitted = await one.exchange.dryRun(slow);
      expect(admitted.decisions.map(({ approved }) => approved)).toEqual([true]);
    });

    it('what one left that is gone is closed by the other, which those who follow hear; it can write nothing more of it', async () => {
      const asked = await one.exchange.ask(slow);
      const heard = await until(one.exchange.events(asked.id, 0, never), 'execute');
      one.process.stop();
      // as a client does that comes back to the other one, with the last event that it was told
      const rest = await until(two.exchange.events(asked.id, heard.at(-1)?.sequence ?? 0, never), 'failed');
      expect(rest.map(({ type }) => type)).toEqual(['failed']);
      const closed = await two.exchange.request(asked.id);
      expect([closed.state, closed.error?.code]).toEqual(['failed', 'run-died']);
      expect((await two.exchange.job(closed.job ?? '')).openQuestions).toEqual([]);
      const other = await (await two.exchange.ask({ user: ada, dataProviders: ['VU'] })).ended;
      expect(other.state).toBe('answered');
      one.process.goOn();
      const stopped = one.exchange.cancel(asked.id);
      expect((await stopped).error?.code).toBe('run-died');
      expect(await one.exchange.request(asked.id)).toEqual(closed);
      // the agents had left it, as they were told that it is gone
      await test.seen(one);
      const again = await (await one.exchange.ask({ user: ada, dataProviders: ['VU'] })).ended;
      expect(again.state).toBe('answered');
    });

    it('the log of both is one chain', async () => {
      const heads = await Promise.all(
        [one, two].map(async ({ audit }) => verifyAuditHead(await audit.head(), audit.keys(), gatewayOwner)),
      );
      const report = await verifyAuditLog(readAuditEntries(test.state), { owner: gatewayOwner, heads });
      expect([report.isSound, report.findings, report.confirmedTo]).toEqual([true, [], report.entries]);
    });
  });
}
