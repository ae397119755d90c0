import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestView } from '../../src/gateway/index.js';
import type { Job } from '../../src/systems/exchange/index.js';
import { ada } from '../exchange/test-consortium.js';
import { openRealGateway, type RealGateway } from './real-gateway.js';

let real: RealGateway;
let first: RequestView;
let path: string;
beforeAll(async () => {
  real = await openRealGateway();
  const body = { user: ada, dataProviders: ['VU'] };
  first = (await real.call<RequestView>('POST', '/api/v1/requests', { body })).body;
  path = `/api/v1/jobs/${first.job}`;
});
afterAll(() => real.close());

describe('a job', () => {
  it('is listed, and read with its requests', async () => {
    const list = await real.call<{ items: Job[] }>('GET', `/api/v1/jobs?user=${ada.id}`);
    expect(list.body.items.map(({ id }) => id)).toEqual([first.job]);
    const { body } = await real.call<Job & { requests: string[] }>('GET', path);
    expect([body.state, body.requests]).toEqual(['live', [first.id]]);
  });

  it('may be asked again, and its outcome is then that of the newest request', async () => {
    const body = { user: ada, algorithm: { name: 'count', groupBy: ['Geslacht'] } };
    const asked = await real.call<RequestView>('POST', `${path}/requests`, { body });
    expect(asked.status).toBe(200);
    expect(asked.body).toMatchObject({ job: first.job, state: 'answered' });
    const job = await real.call<Job & { requests: string[] }>('GET', path);
    expect(job.body.requests).toEqual([asked.body.id, first.id]);
    expect((await real.call('GET', `${path}/result`)).body.request).toBe(asked.body.id);
    expect((await real.call('GET', `${path}/explanation`)).body.request).toBe(asked.body.id);
    const events = await real.call<string>('GET', `${path}/events`);
    expect(events.body).toContain('event: answered\n');
  });

  it('keeps what it was approved with', async () => {
    const body = { user: ada, dataProviders: ['UVA'] };
    const answer = await real.call('POST', `${path}/requests`, { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { pointer: '/dataProviders', message: expect.stringContaining('unknown field dataProviders') },
    ]);
  });

  it('is its requester’s', async () => {
    const body = { user: { id: 'grace@university.example' } };
    const answer = await real.call('POST', `${path}/requests`, { body });
    expect([answer.status, answer.body.code]).toEqual([403, 'not-yours']);
  });

  it('that is not there is not found', async () => {
    for (const one of ['', '/result', '/explanation', '/events']) {
      expect([one, (await real.call('GET', `/api/v1/jobs/ada-00000000${one}`)).status]).toEqual([one, 404]);
    }
    const body = { user: ada };
    expect((await real.call('POST', '/api/v1/jobs/ada-00000000/requests', { body })).status).toBe(404);
  });

  it('is revoked with a cause, and then takes no question', async () => {
    const without = await real.call('DELETE', path);
    expect(without.body).toMatchObject({
      code: 'input-invalid',
      errors: [{ pointer: '/cause', in: 'query' }],
    });
    const revoked = await real.call<Job>('DELETE', path, { body: { cause: 'The project has ended.' } });
    expect(revoked.body).toMatchObject({ state: 'revoked', ended: { because: 'The project has ended.' } });
    const again = await real.call('DELETE', `${path}?cause=Again`);
    expect([again.status, again.body.code]).toEqual([410, 'job-ended']);
    const asked = await real.call('POST', `${path}/requests`, { body: { user: ada } });
    expect([asked.status, asked.body.code]).toEqual([410, 'job-ended']);
  });

  it('may be revoked with the cause in the query', async () => {
    const body = { user: ada, dataProviders: ['VU'] };
    const { job } = (await real.call<RequestView>('POST', '/api/v1/requests', { body })).body;
    const revoked = await real.call<Job>('DELETE', `/api/v1/jobs/${job}?cause=Over`);
    expect(revoked.body.ended?.because).toBe('Over');
  });
});
