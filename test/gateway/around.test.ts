import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSetOffer } from '../../src/systems/exchange/index.js';
import { openRealGateway, type RealGateway } from './real-gateway.js';

interface Party {
  readonly id: string;
  readonly name: string;
  readonly agent?: { readonly online: boolean; readonly dataSets: readonly { readonly state: string }[] };
}

let real: RealGateway;
beforeAll(async () => {
  real = await openRealGateway();
  // answered only when every import is there
  await real.test.ask();
});
afterAll(() => real.close());

describe('data sets', () => {
  it('say what may be asked, of whom, and by whom', async () => {
    const { body } = await real.call<{ items: DataSetOffer[] }>('GET', '/api/v1/data-sets');
    expect(body.items.map(({ name }) => name)).toEqual(['wageGap']);
    const one = await real.call<DataSetOffer>('GET', '/api/v1/data-sets/wageGap');
    expect(one.body).toEqual(body.items[0]);
    expect(one.body.providers.map(({ party }) => party)).toEqual(['RUG', 'UVA', 'VU']);
    const vu = one.body.providers.find(({ party }) => party === 'VU');
    expect(vu?.requesters).toContainEqual({ user: 'grace@university.example', form: 'rows' });
    const absent = await real.call('GET', '/api/v1/data-sets/wageGpa');
    expect([absent.status, absent.body.detail]).toEqual([
      404,
      expect.stringContaining('did you mean wageGap?'),
    ]);
  });
});

describe('parties', () => {
  it('say whether their agents are there and what they have, and not where', async () => {
    const { body } = await real.call<{ items: Party[] }>('GET', '/api/v1/parties');
    expect(body.items.map(({ id, agent }) => [id, agent?.online])).toEqual([
      ['RUG', true],
      ['SURF', true],
      ['UVA', true],
      ['VU', true],
    ]);
    const { body: vu } = await real.call<Party>('GET', '/api/v1/parties/VU');
    expect(vu).toMatchObject({ id: 'VU', name: 'Vrije Universiteit Amsterdam' });
    expect(vu.agent?.dataSets.map(({ state }) => state)).toEqual(['ready']);
    expect(JSON.stringify(body)).not.toContain(real.test.folder);
    expect((await real.call('GET', '/api/v1/parties/VUX')).status).toBe(404);
  });
});

describe('the status', () => {
  it('tells version, time, storage, memory, parties and requests', async () => {
    const { body } = await real.call('GET', '/api/v1/status');
    expect(body).toMatchObject({
      version: '1.2.3',
      storage: real.test.folder,
      requests: { running: 0 },
      jobs: { live: 1 },
      warnings: [],
      parties: ['RUG', 'SURF', 'UVA', 'VU'].map((id) => expect.objectContaining({ id, online: true })),
    });
    const [first] = body.parties as { readonly since: string; readonly clockDifferenceMs: number }[];
    const connectedMs = Date.now() - Date.parse(first?.since ?? '');
    expect(connectedMs > 0 && connectedMs < 600_000).toBe(true);
    expect(Math.abs(first?.clockDifferenceMs ?? Number.NaN)).toBeLessThan(5_000);
    expect(body.revision).toBeGreaterThan(0);
    expect((body.memory as { residentBytes: number }).residentBytes).toBeGreaterThan(1_000_000);
  });
});

describe('the page at /', () => {
  it('names the parties and leads to the documentation', async () => {
    const response = await fetch(real.url);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("style-src 'sha256-");
    const page = await response.text();
    for (const name of ['Vrije Universiteit Amsterdam', 'SURF', 'wageGap']) expect(page).toContain(name);
    for (const [, link = ''] of page.matchAll(/href="([^"]+)"/g)) {
      const found = await fetch(real.url + link);
      expect([link, found.status]).toEqual([link, 200]);
      await found.arrayBuffer();
    }
  });
});
