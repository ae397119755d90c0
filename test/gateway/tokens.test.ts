import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { createTokenVerifier, openIssuer, type SigningKey } from '../../src/kernel/identity/index.js';
import { madeKey } from '../../src/kernel/identity/made-key.js';
import { as } from './signed-in-gateway.js';
import { smallExchange } from './small-exchange.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

/** Tokens that were really signed, and those that should not have been, at a gateway with the real verifier. */
const issuerUrl = 'https://issuer.example';
const audience = 'starling';
const clock = new ManualClock();
const key = madeKey();
const issuer = openIssuer({ key, issuer: issuerUrl, audience, clock });
const operator = { user: 'olga@consortium.example', roles: ['operator'], ttlSeconds: 600 } as const;

let test: TestGateway;
beforeAll(async () => {
  const verifier = createTokenVerifier({
    issuers: [{ issuer: issuerUrl, audience, keys: [key.publicKey] }],
    clock,
  });
  const access = { mode: 'signed-in', verifier, issuer } as const;
  test = await openTestGateway(smallExchange(), { access, clock, limits: { failedSignInsPerMinute: 1_000 } });
});
afterAll(() => test.close());

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (changes: object = {}) => ({
  iss: issuerUrl,
  aud: audience,
  sub: operator.user,
  starling_roles: ['operator'],
  iat: Math.floor(clock.wallTime() / 1000),
  exp: Math.floor(clock.wallTime() / 1000) + 600,
  jti: 'one',
  ...changes,
});
const signedBy = (by: SigningKey, changes: object = {}) => by.sign('at+jwt', claims(changes));
const seconds = (wallTime: number) => Math.floor(wallTime / 1000);

const read = (token: string) => test.call('GET', '/api/v1/status', { headers: as(token) });

it('believes a token of its issuer', async () => {
  expect((await read(await issuer.mint(operator))).status).toBe(200);
  // what the refusals below change is all that is wrong with them
  expect((await read(await signedBy(key))).status).toBe(200);
});

describe('a token that is not believed', () => {
  const forged: readonly [string, () => Promise<string> | string][] = [
    [
      'without a signature (alg none)',
      () => `${base64({ alg: 'none', typ: 'at+jwt' })}.${base64(claims())}.`,
    ],
    ['alg None', () => `${base64({ alg: 'None', typ: 'at+jwt' })}.${base64(claims())}.`],
    [
      'whose signature was cut off',
      async () => (await signedBy(key)).split('.').slice(0, 2).concat('').join('.'),
    ],
    [
      'whose claims were changed',
      async () => {
        const [head, , signature] = (await signedBy(key, { starling_roles: ['requester'] })).split('.');
        return [head, base64(claims()), signature].join('.');
      },
    ],
    [
      'signed with the public key as a secret',
      () => {
        const head = base64({ alg: 'HS256', typ: 'at+jwt', kid: key.publicKey.kid });
        const body = `${head}.${base64(claims())}`;
        return `${body}.${createHmac('sha256', key.publicKey.x).update(body).digest('base64url')}`;
      },
    ],
    ['of another key', () => signedBy(madeKey())],
    [
      'that brings its own key',
      async () => {
        const own = madeKey();
        const [, body, signature] = (await signedBy(own)).split('.');
        return [base64({ alg: 'EdDSA', typ: 'at+jwt', jwk: own.publicKey }), body, signature].join('.');
      },
    ],
    ['of another issuer', () => signedBy(key, { iss: 'https://evil.example' })],
    ['without an issuer', () => signedBy(key, { iss: undefined })],
    ['for somebody else', () => signedBy(key, { aud: 'another' })],
    ['for nobody', () => signedBy(key, { aud: undefined })],
    ['that has expired', () => signedBy(key, { exp: seconds(clock.wallTime()) - 3_600 })],
    ['without an end', () => signedBy(key, { exp: undefined })],
    ['of nobody', () => signedBy(key, { sub: undefined })],
    ['that was signed for another purpose', () => key.sign('starling-order+jwt', claims())],
    ['that is none', () => 'a.b.c'],
  ];

  it.each(forged)('%s', async (_what, forge) => {
    const { status, body, headers } = await read(await forge());
    expect([status, body.code]).toEqual([401, 'token-invalid']);
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('is said to be of the future by name, since a clock may be off', async () => {
    const later = seconds(clock.wallTime()) + 1_200;
    const { status, body } = await read(await signedBy(key, { iat: later, nbf: later, exp: later + 600 }));
    expect([status, body.code]).toEqual([401, 'clock-skewed']);
  });
});

it('knows no roles but those that there are', async () => {
  const token = await signedBy(key, { starling_roles: ['Operator', 'admin', 'operator ', 'steward:', '*'] });
  expect((await read(token)).status).toBe(403);
});

it('believes a token no longer than it counts, also one that it knows', async () => {
  const token = await issuer.mint({ ...operator, ttlSeconds: 30 });
  expect((await read(token)).status).toBe(200);
  clock.advance(600_000);
  expect((await read(token)).status).toBe(401);
});

it('serves its issuer’s keys, which verify its tokens', async () => {
  const { body } = await test.call<{ keys: { kid: string; d?: string }[] }>('GET', '/.well-known/jwks.json');
  expect(body.keys.map(({ kid }) => kid)).toEqual([key.publicKey.kid]);
  expect(JSON.stringify(body)).not.toContain('"d"');
});
