import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agreement, RequestBody } from '../../src/systems/exchange/model/index.js';
import { ada, openTestConsortium, type TestConsortium } from './test-consortium.js';

const slow = {
  user: { id: 'grace@university.example' },
  dataProviders: ['VU'],
  query: 'SELECT count(*) AS n FROM Personen a, Personen b, Personen c WHERE a.BKO + b.SKO + c.BKO = 9',
} satisfies Partial<RequestBody>;

/** Process ids of runs that are this process's children. */
function runs(): number[] {
  const listing = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  return listing
    .split('\n')
    .filter((line) => line.includes('runs/child.js'))
    .map((line) => Number.parseInt(line, 10));
}

let test: TestConsortium;
beforeAll(async () => {
  test = await openTestConsortium();
});
afterAll(() => test.remove());

const twoProviders = {
  dataProviders: ['UVA', 'VU'],
  query:
    'SELECT Unieknr, Geslacht, Salschal AS Salschal FROM Aanstellingen JOIN Personen USING (Unieknr, Peildat)',
  algorithm: { name: 'average' },
} satisfies Partial<RequestBody>;

/** UVA withholds a column that the query needs, which only the bound plan shows. Resolves to its agreement before. */
async function withdrawPeildat(): Promise<Agreement> {
  const { exchange } = test.consortium;
  const agreement = exchange.catalogue().agreements.get('UVA')?.value;
  const relation = agreement?.relations[ada.id];
  if (agreement === undefined || relation === undefined)
    throw new Error('the example has a relation with Ada');
  const columns = { Personen: ['Unieknr', 'Geslacht'], Aanstellingen: '*' as const };
  const narrowed = { [ada.id]: { ...relation, dataSets: { wageGap: { columns } } } };
  await exchange.putObject('agreements', 'UVA', { ...agreement, relations: narrowed }, {});
  return agreement;
}

describe('a run that goes wrong', () => {
  it('is stopped at its time limit, and the next is as good as ever', async () => {
    const record = await test.ask({ ...slow, limits: { timeSeconds: 1 } });
    expect([record.state, record.error?.code]).toEqual(['failed', 'time-limit']);
    expect(record.runs[0]).toMatchObject({ party: 'VU', state: 'failed', error: { code: 'time-limit' } });
    expect((await test.ask({ dataProviders: ['VU'] })).state).toBe('answered');
  });

  it('ends at once when its process is killed, as an error of that run alone', async () => {
    const { exchange } = test.consortium;
    const asked = await exchange.ask(slow);
    const before = new Set(runs());
    for await (const event of exchange.events(asked.id, 0, new AbortController().signal)) {
      if (event.message === 'execute') for (const pid of before) process.kill(pid, 'SIGKILL');
    }
    const record = await asked.ended;
    expect([record.state, record.error?.code]).toEqual(['failed', 'run-died']);
    expect((await test.ask({ dataProviders: ['VU'] })).state).toBe('answered');
  });

  it('under computeToData leaves the answers of the others standing', async () => {
    const before = await withdrawPeildat();
    const record = await test.ask(twoProviders);
    expect(record.state).toBe('answered');
    expect(record.results.map((result) => [result.providers[0], result.error?.code])).toEqual([
      ['UVA', 'statement-refused'],
      ['VU', undefined],
    ]);
    expect(record.results[0]?.error?.message).toContain('Personen.Peildat');
    await test.consortium.exchange.putObject('agreements', 'UVA', before, {});
  });

  it('stops a merge, unless a partial answer is allowed: that names who is not in it', async () => {
    const before = await withdrawPeildat();
    const merged = { ...twoProviders, archetype: 'federatedAggregate' };
    const whole = await test.ask(merged);
    expect([whole.state, whole.error?.code, whole.results]).toEqual(['failed', 'statement-refused', []]);

    const partial = await test.ask({ ...merged, allowPartial: true });
    const [result, ...others] = partial.results;
    expect([partial.state, others]).toEqual(['answered', []]);
    expect(result).toMatchObject({ providers: ['VU'], computedAt: 'SURF', archetype: 'federatedAggregate' });
    expect(result?.absent?.map(({ provider, error }) => [provider, error.code])).toEqual([
      ['UVA', 'statement-refused'],
    ]);
    // the rule is that of both, which is what was composed
    expect(result?.table?.withheld.minimumGroupSize).toBe(10);
    const alone = await test.ask({ ...merged, dataProviders: ['VU'] });
    expect(result?.table?.rows).toEqual(alone.results[0]?.table?.rows);
    const { providers } = await test.consortium.exchange.explanation(partial.id);
    expect(providers.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['UVA', 'left out'],
      ['VU', 'took part'],
    ]);

    const nobody = await test.ask({ ...merged, dataProviders: ['UVA'], allowPartial: true });
    expect([nobody.state, nobody.error?.code, nobody.results]).toEqual(['failed', 'statement-refused', []]);
    await test.consortium.exchange.putObject('agreements', 'UVA', before, {});
  });

  it('is stopped when the request is cancelled', async () => {
    const { exchange } = test.consortium;
    const asked = await exchange.ask(slow);
    const record = await exchange.cancel(asked.id);
    expect([record.state, record.error?.code]).toEqual(['cancelled', 'request-cancelled']);
    expect(await exchange.request(asked.id)).toEqual(record);
  });

  it('is refused at once where every run is taken and the queue is full', async () => {
    const { exchange } = test.consortium;
    const asked = await Promise.all(Array.from({ length: 12 }, () => exchange.ask(slow)));
    // two work and eight wait, so that two are told at once: whichever came to the agent last
    const refused = new Set<string>();
    await new Promise<void>((resolve) => {
      for (const { ended } of asked) {
        void ended.then(({ id, error }) => {
          if (error?.code === 'pool-exhausted') refused.add(id);
          if (refused.size === 2) resolve();
        });
      }
    });
    const others = asked.filter(({ id }) => !refused.has(id));
    const rest = await Promise.all(others.map((one) => exchange.cancel(one.id)));
    const late = rest.filter(({ error }) => error?.code === 'pool-exhausted');
    // the run of the test before may have its place at the agent a moment longer than its request is open here
    const tooMany = refused.size + late.length;
    expect([2, 3]).toContain(tooMany);
    const stopped = rest.filter((record) => !late.includes(record));
    expect(stopped.map((record) => record.state)).toEqual(Array(12 - tooMany).fill('cancelled'));
  });

  it('gives back too large a result as an error, not as a part of it', async () => {
    const record = await test.ask({
      user: { id: 'grace@university.example' },
      dataProviders: ['VU'],
      query: 'SELECT Geslacht FROM Personen',
    });
    expect([record.state, record.error?.code]).toEqual(['failed', 'result-too-large']);
    expect(record.error?.message).toContain('10000 rows');
  });
});
