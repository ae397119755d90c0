import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, openTestConsortium, type TestConsortium } from './test-consortium.js';

let test: TestConsortium;
beforeAll(async () => {
  test = await openTestConsortium();
});
afterAll(() => test.remove());

describe('a job', () => {
  it('answers ten follow-ups by one composition, each checked again', async () => {
    const { exchange } = test.consortium;
    const first = await test.ask({ dataProviders: ['VU'] });
    const job = first.job ?? '';
    for (let count = 0; count < 10; count += 1) {
      const record = await (await exchange.followUp(job, { user: ada })).ended;
      expect([record.state, record.followUp, record.job]).toEqual(['answered', true, job]);
      expect(record.results).toEqual(first.results);
    }
    const after = await exchange.job(job);
    expect([after.questionsAsked, after.openQuestions]).toEqual([11, []]);
    expect(await exchange.jobRequests(job)).toHaveLength(11);
  });

  it('belongs to whoever asked', async () => {
    const { job = '' } = await test.ask({ dataProviders: ['VU'] });
    const other = { id: 'grace@university.example' };
    await expect(test.consortium.exchange.followUp(job, { user: other })).rejects.toMatchObject({
      code: 'not-yours',
    });
  });

  it('that is revoked stops what it runs and takes no more questions', async () => {
    const { exchange } = test.consortium;
    const asked = await exchange.ask({ user: ada, dataProviders: ['VU'] });
    const { job = '' } = await exchange.request(asked.id);
    await exchange.revoke(job, 'the project is over');
    const record = await asked.ended;
    expect([record.state, record.error?.code]).toEqual(['failed', 'job-ended']);
    await expect(exchange.followUp(job, { user: ada })).rejects.toMatchObject({
      code: 'job-ended',
      message: expect.stringContaining('the project is over'),
    });
    expect((await exchange.job(job)).state).toBe('revoked');
  });
});
