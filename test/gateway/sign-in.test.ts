import { afterEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../../src/kernel/errors/index.js';
import type { Caller } from '../../src/kernel/identity/index.js';
import type { DataSetOffer } from '../../src/systems/exchange/index.js';
import { as, openSignedInGateway, people, verifier } from './signed-in-gateway.js';
import { adasRequest, smallExchange } from './small-exchange.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

let test: TestGateway;
afterEach(() => test.close());

describe('signing in', () => {
  it.each([
    ['no token', {}, 401, 'token-missing', 'Bearer realm="starling"'],
    [
      'another scheme',
      { authorization: 'Basic YWRhOmFkYQ==' },
      401,
      'token-missing',
      'Bearer realm="starling"',
    ],
    ['an expired one', as('expired'), 401, 'token-invalid', 'Bearer realm="starling", error="invalid_token"'],
    [
      'one of the future',
      as('future'),
      401,
      'clock-skewed',
      'Bearer realm="starling", error="invalid_token"',
    ],
    [
      'one without a role',
      as('guest'),
      403,
      'role-missing',
      'Bearer realm="starling", error="insufficient_scope"',
    ],
    ['one of an issuer that is away', as('unreachable'), 503, 'issuer-unreachable', null],
  ])('with %s is refused by name', async (_what, headers, status, code, challenge) => {
    test = await openSignedInGateway(smallExchange());
    const answer = await test.call('GET', '/api/v1/parties', { headers });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
  });

  it('takes a token from the header alone', async () => {
    test = await openSignedInGateway(smallExchange());
    for (const query of ['access_token=ada', 'token=ada', 'authorization=Bearer%20ada']) {
      const { status } = await test.call('GET', `/api/v1/requests/r-1/events?${query}`);
      expect([query, status]).toEqual([query, 401]);
    }
  });

  it('is before everything else: who may not is not told what is wrong with a body, nor what there is', async () => {
    test = await openSignedInGateway(smallExchange());
    const wrong = await test.call('POST', '/api/v1/requests', { body: '{"nonsense"' });
    expect(wrong.status).toBe(401);
    const absent = await test.call('GET', '/api/v1/agreements/NOBODY', { headers: as('ada') });
    expect(absent.status).toBe(403);
  });

  it('writes no token into the log', async () => {
    test = await openSignedInGateway(smallExchange());
    await test.call('GET', '/api/v1/parties?access_token=secret-1', { headers: as('secret-2') });
    await test.call('GET', '/api/v1/parties', { headers: as('operator') });
    const text = JSON.stringify(test.logged());
    expect(text).toContain('/api/v1/parties');
    expect(text).not.toMatch(/secret-|Bearer/);
  });

  it('leaves the page at / without anything of the consortium', async () => {
    test = await openSignedInGateway(smallExchange());
    const page = await (await fetch(test.url)).text();
    expect(page).toContain('/docs');
    expect(page).not.toMatch(/A party|wageGap|Staff|Access is open/);
  });
});

describe('who asks', () => {
  it('is who is signed in, and goes on with the token', async () => {
    const asked: unknown[] = [];
    const ask = async (body: object, caller?: Caller) => {
      asked.push({ body, caller });
      return { id: 'r-1', ended: Promise.resolve(adasRequest) };
    };
    test = await openSignedInGateway({ ...smallExchange(), ask });
    const { status } = await test.call('POST', '/api/v1/requests', { body: {}, headers: as('ada') });
    expect(status).toBe(200);
    const user = { id: people.ada.id, name: 'Ada' };
    expect(asked).toEqual([{ body: { user }, caller: { person: people.ada, token: 'ada' } }]);
  });

  it.each(['/api/v1/requests', '/api/v1/requests?dryRun=true', '/api/v1/jobs/ada-00000001/requests'])(
    'may not be another at %s',
    async (path) => {
      test = await openSignedInGateway(smallExchange());
      const body = { user: { id: people.bob.id } };
      const answer = await test.call('POST', path, { body, headers: as('ada') });
      expect([answer.status, answer.body.code]).toEqual([403, 'role-missing']);
    },
  );

  it('may be left out only where somebody is signed in', async () => {
    test = await openTestGateway(smallExchange());
    const { status, body } = await test.call('POST', '/api/v1/requests', { body: {} });
    expect([status, body.errors]).toEqual([400, [expect.objectContaining({ pointer: '/user' })]]);
  });
});

interface Seen {
  readonly results: readonly object[];
  readonly refused: readonly { readonly provider: string }[];
}

describe('a request', () => {
  it.each([
    ['ada', 1, ['VU', 'RUG']],
    ['operator', 0, ['VU', 'RUG']],
    ['VU', 0, ['VU']],
  ])('shows %s %i results, and the decisions of %j', async (token, results, providers) => {
    test = await openSignedInGateway(smallExchange());
    const { body } = await test.call<Seen>('GET', '/api/v1/requests/r-1', { headers: as(token) });
    expect(body.results.length).toBe(results);
    expect(body.refused.map(({ provider }) => provider)).toEqual(providers);
    expect(JSON.stringify(body).includes('11.25')).toBe(token === 'ada');
  });

  it('is explained to a steward as far as it is about the party', async () => {
    test = await openSignedInGateway(smallExchange());
    const read = async (token: string) =>
      JSON.stringify(
        (await test.call('GET', '/api/v1/requests/r-1/explanation', { headers: as(token) })).body,
      );
    expect(await read('ada')).toContain('RUG');
    expect(await read('operator')).toContain('RUG');
    expect(await read('VU')).not.toContain('RUG');
    expect(await read('VU')).toContain('VU allows it.');
  });

  it('is in the lists of those alone whom it concerns', async () => {
    test = await openSignedInGateway(smallExchange());
    const ids = async (token: string, path: string) => {
      type Page = { readonly items: readonly { readonly id: string }[] };
      const { body } = await test.call<Page>('GET', path, { headers: as(token) });
      return body.items.map(({ id }) => id);
    };
    expect(await ids('ada', '/api/v1/requests')).toEqual(['r-1']);
    expect(await ids('operator', '/api/v1/requests')).toEqual(['r-1', 'r-2']);
    expect(await ids('VU', '/api/v1/requests')).toEqual(['r-1', 'r-2']);
    expect(await ids('UVA', '/api/v1/requests')).toEqual([]);
    expect(await ids('bob', '/api/v1/jobs')).toEqual([]);
    expect(await ids('VU', '/api/v1/jobs')).toEqual(['ada-00000001']);
    const other = await test.call('GET', `/api/v1/requests?user=${people.ada.id}`, { headers: as('bob') });
    expect([other.status, other.body.code]).toEqual([403, 'not-yours']);
  });
});

describe('a data set', () => {
  it.each([
    ['ada', [people.ada.id]],
    ['bob', [people.bob.id]],
    ['VU', [people.ada.id, people.bob.id]],
    ['UVA', []],
    ['operator', [people.ada.id, people.bob.id]],
  ])('tells %s that these may ask: %j', async (token, users) => {
    test = await openSignedInGateway(smallExchange());
    const { body } = await test.call<DataSetOffer>('GET', '/api/v1/data-sets/wageGap', {
      headers: as(token),
    });
    expect(body.providers[0]?.requesters.map(({ user }) => user)).toEqual(users);
  });
});

describe('a party’s own affairs', () => {
  const agent = {
    party: 'VU',
    online: true,
    dataSets: [{ name: 'wageGap', state: 'failed', error: { code: 'storage-failed', message: 'No disk.' } }],
    runs: { warm: 1, working: 0, waiting: 0, max: 2, queue: 8, finished: 0, refused: 0, residentBytes: 1 },
    weaknesses: ['Runs have no network namespace of their own.'],
    agreement: {
      party: 'VU',
      version: 3,
      agreement: { relations: {} },
      signedAt: '2030-01-31T12:00:00.000Z',
      signed: 'a.b.c',
    },
  } as const;

  it.each([
    ['VU', true],
    ['operator', true],
    ['UVA', false],
    ['ada', false],
  ])('are told to %s: %s', async (token, told) => {
    test = await openSignedInGateway({ ...smallExchange(), agents: () => [agent] });
    const { body } = await test.call('GET', '/api/v1/parties/VU', { headers: as(token) });
    expect(body.agent).toMatchObject({ online: true, agreementVersion: 3 });
    const text = JSON.stringify(body);
    expect([text.includes('namespace'), text.includes('No disk'), text.includes('warm')]).toEqual([
      told,
      told,
      told,
    ]);
    // the signed agreement has its own route
    expect(text).not.toMatch(/relations|a\.b\.c/);
  });
});

describe('the status', () => {
  it.each([
    [30_000, []],
    [-30_001, ['behind']],
    [45_000, ['ahead of']],
  ])('of an agent whose clock is %d ms ahead warns of it: %s', async (clockDifferenceMs, said) => {
    const runs = { warm: 1, working: 0, waiting: 0, max: 2, queue: 8, finished: 0, refused: 0 };
    const agent = {
      party: 'VU',
      online: true,
      dataSets: [],
      runs: { ...runs, residentBytes: 1 },
      weaknesses: [],
      connection: { since: Date.UTC(2030, 0, 31), clockDifferenceMs },
    };
    const able = { agents: () => [agent], liveJobs: async () => 7 };
    test = await openSignedInGateway({ ...smallExchange(), ...able });
    const { body } = await test.call('GET', '/api/v1/status', { headers: as('operator') });
    expect(body).toMatchObject({
      jobs: { live: 7 },
      parties: expect.arrayContaining([
        expect.objectContaining({ id: 'VU', since: '2030-01-31T00:00:00.000Z', clockDifferenceMs }),
      ]),
      warnings: said.map((how) => ({
        code: 'clock-skewed',
        party: 'VU',
        message: expect.stringContaining(how),
      })),
    });
  });
});

describe('too many requests', () => {
  const limits = { asksPerMinute: 2, requestsPerMinute: 3, failedSignInsPerMinute: 2 };
  const statuses = async (count: number, call: () => Promise<{ readonly status: number }>) => {
    const all: number[] = [];
    for (let index = 0; index < count; index += 1) all.push((await call()).status);
    return all;
  };

  it('of one person are refused, and none of another; asking has an allowance of its own', async () => {
    test = await openSignedInGateway(smallExchange(), { limits });
    const ask = (token: string) => () =>
      test.call('POST', '/api/v1/requests', { body: {}, headers: as(token) });
    expect(await statuses(3, ask('ada'))).toEqual([200, 200, 429]);
    expect(await statuses(1, ask('bob'))).toEqual([200]);
    const read = () => test.call('GET', '/api/v1/parties', { headers: as('ada') });
    expect(await statuses(4, read)).toEqual([200, 200, 200, 429]);
    const refused = await ask('ada')();
    expect(refused.body).toMatchObject({ code: 'rate-limited', limit: 'asks', retryAfterSeconds: 30 });
    expect(refused.headers.get('retry-after')).toBe('30');
    test.clock.advance(30_000);
    expect(await statuses(2, ask('ada'))).toEqual([200, 429]);
  });

  it('that fail to sign in are refused by address, and a good token passes all the same', async () => {
    test = await openSignedInGateway(smallExchange(), { limits });
    const guess = () => test.call('GET', '/api/v1/parties', { headers: as('guess') });
    expect(await statuses(3, guess)).toEqual([401, 401, 429]);
    expect((await test.call('GET', '/api/v1/parties', { headers: as('ada') })).status).toBe(200);
    const { body } = await test.call<string>('GET', '/metrics', { headers: as('operator') });
    expect(body).toMatch(/starling_http_refused_sign_ins_total\{[^}]*code="token-invalid"[^}]*\} 3/);
    expect(body).toMatch(/starling_http_rate_limited_total\{[^}]*limit="failed sign-ins"[^}]*\} 1/);
  });

  it('are no matter in open mode, unless limits are given', async () => {
    test = await openTestGateway(smallExchange());
    const read = () => fetch(`${test.url}/api/v1/parties`);
    expect(new Set(await statuses(150, read))).toEqual(new Set([200]));
    await test.close();
    test = await openTestGateway(smallExchange(), { limits: { requestsPerMinute: 2 } });
    expect(await statuses(3, read)).toEqual([200, 200, 429]);
  });
});

describe('the built-in issuer', () => {
  it('is found through the gateway, by anyone', async () => {
    const issuer = {
      discovery: () => ({
        issuer: 'http://127.0.0.1:8080',
        jwks_uri: 'http://127.0.0.1:8080/.well-known/jwks.json',
      }),
      jwks: () => ({ keys: [] }),
    };
    test = await openSignedInGateway({}, { access: { mode: 'signed-in', verifier, issuer } });
    const found = await test.call('GET', '/.well-known/openid-configuration');
    expect([found.status, found.body]).toEqual([200, issuer.discovery()]);
    expect((await test.call('GET', '/.well-known/jwks.json')).body).toEqual({ keys: [] });
  });

  it('is not there where there is none', async () => {
    test = await openSignedInGateway();
    expect((await test.call('GET', '/.well-known/jwks.json')).status).toBe(404);
  });
});

describe('a verifier that fails', () => {
  it('lets nobody through', async () => {
    const failing = { verify: () => Promise.reject(new Error('broken')) };
    test = await openSignedInGateway(smallExchange(), { access: { mode: 'signed-in', verifier: failing } });
    const { status } = await test.call('GET', '/api/v1/parties', { headers: as('operator') });
    expect(status).toBe(500);
    const throwing = { verify: () => Promise.reject(new StarlingError('storage-failed', 'No keys.')) };
    await test.close();
    test = await openSignedInGateway(smallExchange(), { access: { mode: 'signed-in', verifier: throwing } });
    expect((await fetch(`${test.url}/metrics`, { headers: as('operator') })).status).toBe(500);
  });
});
