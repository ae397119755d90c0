import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestView } from '../../src/gateway/index.js';
import type { DryRun, Explanation } from '../../src/systems/exchange/index.js';
import { ada } from '../exchange/test-consortium.js';
import { openRealGateway, type RealGateway } from './real-gateway.js';

const grace = { id: 'grace@university.example' };

let real: RealGateway;
beforeAll(async () => {
  real = await openRealGateway();
});
afterAll(() => real.close());

const ask = (body: object, query = '') =>
  real.call<RequestView>('POST', `/api/v1/requests${query}`, { body: { user: ada, ...body } });

describe('POST /requests', () => {
  it('answers with figures, who refused, and where to read on', async () => {
    const { status, body: view } = await ask({});
    expect([status, view.state, view.archetype]).toEqual([200, 'answered', 'computeToData']);
    expect(view.results.map(({ providers, columns }) => [providers, columns])).toEqual([
      [['UVA'], ['Geslacht', 'average', 'rows']],
      [['VU'], ['Geslacht', 'average', 'rows']],
    ]);
    expect(view.refused).toEqual([
      { provider: 'RUG', reasons: [{ code: 'no-relation', message: expect.stringContaining('RUG') }] },
    ]);
    expect(view.links.job).toBe(`/api/v1/jobs/${view.job}`);
    const again = await real.call<RequestView>('GET', view.links.self);
    expect(again.body).toEqual(view);
  });

  it('answers a question that nobody allows with a problem that can be explained', async () => {
    const body = { user: { id: 'mallory@university.example' } };
    const { status, body: problem } = await real.call('POST', '/api/v1/requests', { body });
    expect([status, problem.code]).toEqual([403, 'request-refused']);
    expect(problem.request).toMatch(/^r-/);
    const path = `/api/v1/requests/${problem.request}`;
    const explained = await real.call<Explanation>('GET', `${path}/explanation`);
    expect(explained.body.providers.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['RUG', 'refused'],
      ['UVA', 'refused'],
      ['VU', 'refused'],
    ]);
    const result = await real.call('GET', `${path}/result`);
    expect([result.status, result.body.code]).toEqual([403, 'request-refused']);
  });

  it('answers a statement that does not parse with the place', async () => {
    const { status, body } = await ask({
      query: 'SELECT Geslacht\nFORM Personen',
      algorithm: { name: 'count' },
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'statement-invalid', line: 2, request: expect.stringMatching(/^r-/) });
  });

  it('answers names that are not known with the nearest that is', async () => {
    const { status, body } = await ask({ dataProviders: ['VUU'] });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'unknown-party', detail: expect.stringContaining('VU') });
    expect(body).not.toHaveProperty('request');
  });

  it('says what would come of it, and runs nothing', async () => {
    const before = await real.call<{ items: unknown[] }>('GET', '/api/v1/requests');
    const { status, body } = await real.call<DryRun>('POST', '/api/v1/requests?dryRun=true', {
      body: { user: ada, archetype: 'federatedAggregate' },
    });
    expect(status).toBe(200);
    expect(body.decisions.map(({ provider, approved }) => [provider, approved])).toEqual([
      ['RUG', false],
      ['UVA', true],
      ['VU', true],
    ]);
    expect(body.composition?.parts.map((part) => part.computeProvider)).toEqual(['SURF']);
    const after = await real.call<{ items: unknown[] }>('GET', '/api/v1/requests');
    expect(after.body.items.length).toBe(before.body.items.length);
  });

  it('takes a question, and tells what happens until its end', async () => {
    const taken = await real.call<RequestView>('POST', '/api/v1/requests', {
      body: { user: ada, dataProviders: ['VU'] },
      headers: { prefer: 'respond-async' },
    });
    expect(taken.status).toBe(202);
    const { self, events } = taken.body.links;
    expect(taken.headers.get('location')).toBe(self);
    const { body: stream } = await real.call<string>('GET', events);
    const types = [...stream.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
    expect(types.slice(0, 3)).toEqual(['received', 'approved', 'placed']);
    expect(types.at(-1)).toBe('answered');
    const ids = [...stream.matchAll(/^id: (.*)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    const ended = await real.call<RequestView>('GET', self);
    expect(ended.body.state).toBe('answered');
    const resumed = await real.call<string>('GET', events, {
      headers: { 'last-event-id': String(ids.length - 1) },
    });
    expect([...resumed.body.matchAll(/^id: (.*)$/gm)].map(([, id]) => Number(id))).toEqual([ids.length]);
  });
});

describe('an answer', () => {
  it('is given as JSON, CSV and Arrow, by name or by Accept', async () => {
    const { body: view } = await ask({ dataProviders: ['VU', 'UVA'] });
    const path = view.links.result;
    const json = await real.call<{ request: string; results: { rows: unknown[] }[] }>('GET', path);
    expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(json.body.results.map(({ rows }) => rows)).toEqual(view.results.map(({ rows }) => rows));
    const csv = await real.call<string>('GET', path, { headers: { accept: 'text/csv' } });
    expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="${view.job}.csv"`);
    expect(csv.body.split('\r\n')[0]).toBe('provider,Geslacht,average,rows');
    const named = await real.call<string>('GET', `${path}?format=csv&result=0`);
    expect(named.body.split('\r\n')[0]).toBe('Geslacht,average,rows');
    const arrow = await fetch(`${real.url}${path}?format=arrow&result=1`);
    expect(arrow.headers.get('content-type')).toBe('application/vnd.apache.arrow.stream');
    const table = tableFromIPC(await arrow.arrayBuffer());
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['Geslacht', 'average', 'rows']);
  });

  it('that holds rows is told by number, and read where the link leads', async () => {
    const { body: view } = await ask({
      user: grace,
      dataProviders: ['VU'],
      query: 'SELECT Geslacht, Gebdat FROM Personen LIMIT 5',
    });
    expect(view.results).toEqual([
      {
        providers: ['VU'],
        computedAt: 'VU',
        archetype: 'computeToData',
        columns: ['Geslacht', 'Gebdat'],
        rows: 5,
        link: `${view.links.result}?result=0`,
      },
    ]);
    const { body } = await real.call<{ results: { rows: object[] }[] }>('GET', view.results[0]?.link ?? '');
    expect(body.results[0]?.rows).toHaveLength(5);
    expect(Object.keys(body.results[0]?.rows[0] ?? {})).toEqual(['Geslacht', 'Gebdat']);
  });

  it('is not given in another form, nor of a result that is not there', async () => {
    const { body: view } = await ask({ dataProviders: ['VU'] });
    const wrong = await real.call('GET', `${view.links.result}?format=xml`);
    expect([wrong.status, wrong.body.code]).toEqual([406, 'format-unavailable']);
    const accept = await real.call('GET', view.links.result, { headers: { accept: 'image/png' } });
    expect(accept.status).toBe(406);
    const absent = await real.call('GET', `${view.links.result}?result=7`);
    expect([absent.status, absent.body.code]).toEqual([404, 'not-found']);
  });

  it('has a head without a body', async () => {
    const { body: view } = await ask({ dataProviders: ['VU'] });
    const response = await fetch(real.url + view.links.result, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('GET /requests', () => {
  it('comes in pages, newest first, of one person where that is asked', async () => {
    await ask({ dataProviders: ['VU'] });
    await ask({ dataProviders: ['VU'] });
    type Page = { readonly items: readonly RequestView[]; readonly next?: string };
    const pages = async (path: string): Promise<RequestView[]> => {
      const { body } = await real.call<Page>('GET', path);
      expect(body.items.length).toBeLessThanOrEqual(2);
      const rest = body.next === undefined ? [] : await pages(`${first}&after=${body.next}`);
      return [...body.items, ...rest];
    };
    const first = `/api/v1/requests?limit=2&user=${ada.id}`;
    const seen = await pages(first);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.every(({ user }) => user.id === ada.id)).toBe(true);
    const times = seen.map(({ askedAt }) => askedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('knows no request that is not there, under a job’s id neither', async () => {
    const { body: view } = await ask({ dataProviders: ['VU'] });
    for (const id of ['r-nothing', String(view.job)]) {
      for (const path of ['', '/result', '/explanation', '/events']) {
        const { status } = await real.call('GET', `/api/v1/requests/${id}${path}`);
        expect([id, path, status]).toEqual([id, path, 404]);
      }
      expect((await real.call('DELETE', `/api/v1/requests/${id}`)).status).toBe(404);
    }
  });
});

describe('DELETE /requests/{id}', () => {
  it('stops a request that runs', async () => {
    const { body: taken } = await real.call<RequestView>('POST', '/api/v1/requests', {
      body: { user: ada, dataProviders: ['VU'] },
      headers: { prefer: 'respond-async' },
    });
    const { status, body } = await real.call<RequestView>('DELETE', taken.links.self);
    expect(status).toBe(200);
    expect(['cancelled', 'answered']).toContain(body.state);
    const again = await real.call<RequestView>('DELETE', taken.links.self);
    expect(again.body).toEqual(body);
  });
});
