import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRelation } from '../../src/systems/exchange/scenarios/consortium.js';
import { ada } from '../exchange/test-consortium.js';
import { openRealGateway, type RealGateway } from './real-gateway.js';

interface Stored {
  readonly name: string;
  readonly revision: number;
  readonly source: string;
  readonly changedAt: string;
  readonly value: Readonly<Record<string, unknown>>;
}

let real: RealGateway;
beforeAll(async () => {
  real = await openRealGateway();
});
afterAll(() => real.close());

const read = (path: string) => real.call<Stored>('GET', `/api/v1/${path}`);
const write = (path: string, body: unknown, headers = {}) =>
  real.call<Stored & Readonly<Record<string, unknown>>>('PUT', `/api/v1/${path}`, { body, headers });

describe('configuration objects', () => {
  it.each([
    ['agreements', ['RUG', 'UVA', 'VU']],
    ['archetypes', ['computeToData', 'dataThroughTtp', 'federatedAggregate']],
    ['request-types', ['sqlDataRequest']],
    ['steps', ['sql-aggregate', 'sql-algorithm', 'sql-anonymize', 'sql-graph', 'sql-query']],
  ])('of %s are listed by name, and each is read with its ETag', async (path, names) => {
    const { body } = await real.call<{ items: Stored[] }>('GET', `/api/v1/${path}`);
    expect(body.items.map(({ name }) => name)).toEqual(names);
    for (const item of body.items) {
      const one = await read(`${path}/${item.name}`);
      expect(one.body).toEqual(item);
      expect(one.headers.get('etag')).toBe(`"${item.revision}"`);
    }
    const absent = await real.call('GET', `/api/v1/${path}/${names[0]}x`);
    expect(absent.status).toBe(404);
    expect(absent.body.detail).toContain(`did you mean ${names[0]}?`);
  });

  it('are written where they are still as they were read', async () => {
    const { body: before, headers } = await read('archetypes/federatedAggregate');
    const etag = headers.get('etag') ?? '';
    const value = { ...before.value, weight: 300 };
    const written = await write('archetypes/federatedAggregate', value, { 'if-match': etag });
    expect(written.status).toBe(200);
    expect(written.body).toMatchObject({ name: 'federatedAggregate', source: 'api', value });
    expect(written.body.revision).toBeGreaterThan(before.revision);
    expect(written.headers.get('etag')).toBe(`"${written.body.revision}"`);
    const late = await write('archetypes/federatedAggregate', value, { 'if-match': etag });
    expect([late.status, late.body.code]).toEqual([409, 'revision-conflict']);
    expect(late.headers.get('etag')).toBeNull();
    const again = await write('archetypes/federatedAggregate', before.value, { 'if-match': '*' });
    expect(again.body.value).toEqual(before.value);
  });

  it('are made where there is none', async () => {
    const { body: model } = await read('archetypes/computeToData');
    const made = await write('archetypes/another', model.value, { 'if-none-match': '*' });
    expect([made.status, made.body.name]).toEqual([201, 'another']);
    const twice = await write('archetypes/another', model.value, { 'if-none-match': '*' });
    expect([twice.status, twice.body.code]).toEqual([409, 'revision-conflict']);
  });

  it('are not written as anything else, nor where they do not fit the rest', async () => {
    const wrong = await write('archetypes/x%20y', { title: 7, wieght: 1 });
    expect(wrong.status).toBe(400);
    const pointers = (wrong.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/name', '/title', '/weight', '/wieght', '/dataProvider']),
    );
    const { body: agreement } = await read('agreements/VU');
    const nobody = await write('agreements/NOBODY', agreement.value);
    expect([nobody.status, nobody.body.code]).toEqual([422, 'unknown-party']);
    const relations = { 'ada@u.example': { ...openRelation, archetypes: ['noSuch'] } };
    const unfit = await write('agreements/VU', { relations });
    expect([unfit.status, unfit.body.code]).toEqual([422, 'configuration-invalid']);
    expect((unfit.body.errors as object[]).length).toBeGreaterThan(0);
  });
});

describe('the weight of an archetype', () => {
  it('counts for the next request, and leaves a job that lives in its place', async () => {
    const path = 'archetypes/federatedAggregate';
    const { body: before } = await read(path);
    const body = { user: ada, dataProviders: ['VU', 'UVA'] };
    const ask = async (to: string, body: object) => {
      const asked = await real.call<{ job: string; archetype: string }>('POST', to, { body });
      expect(asked.status).toBe(200);
      return asked.body;
    };
    const first = await ask('/api/v1/requests', body);
    expect(first.archetype).toBe('computeToData');
    expect((await write(path, { ...before.value, weight: 201 })).status).toBe(200);
    expect((await ask('/api/v1/requests', body)).archetype).toBe('federatedAggregate');
    expect((await ask(`/api/v1/jobs/${first.job}/requests`, { user: ada })).archetype).toBe('computeToData');
    expect((await write(path, before.value)).status).toBe(200);
    expect((await ask('/api/v1/requests', body)).archetype).toBe('computeToData');
  });
});

describe('an agreement', () => {
  it('counts from the moment that it is written or removed', async () => {
    const { body: before } = await read('agreements/VU');
    const answer = async () => {
      const body = { user: ada, dataProviders: ['VU'] };
      return (await real.call('POST', '/api/v1/requests', { body })).status;
    };
    expect(await answer()).toBe(200);
    expect((await write('agreements/VU', { relations: {} })).status).toBe(200);
    expect(await answer()).toBe(403);
    expect((await write('agreements/VU', before.value)).status).toBe(200);
    expect(await answer()).toBe(200);
    const conflict = await real.call('DELETE', '/api/v1/agreements/VU', { headers: { 'if-match': '"1"' } });
    expect([conflict.status, conflict.body.code]).toEqual([409, 'revision-conflict']);
    expect((await real.call('DELETE', '/api/v1/agreements/VU')).status).toBe(204);
    expect((await real.call('DELETE', '/api/v1/agreements/VU')).status).toBe(404);
    expect(await answer()).toBe(403);
    const made = await write('agreements/VU', before.value);
    expect(made.status).toBe(201);
    expect(await answer()).toBe(200);
  });
});
