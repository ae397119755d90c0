import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import type { TrustedIssuer } from './identity.js';
import { madeKey } from './made-key.js';
import { createTokenVerifier } from './tokens.js';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1, 12);
const key = madeKey();
const trusted: TrustedIssuer = {
  issuer: 'https://id.example.org',
  audience: 'starling',
  keys: [key.publicKey],
};
let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock(start);
});

const verifier = (...issuers: TrustedIssuer[]) =>
  createTokenVerifier({ clock, issuers: issuers.length === 0 ? [trusted] : issuers });

/** Claims of a token of ten minutes that nothing is wrong with, but for `changed`. */
const claims = (changed: object = {}) => ({
  iss: 'https://id.example.org',
  aud: 'starling',
  sub: 'ada',
  iat: start / 1000,
  exp: start / 1000 + 600,
  ...changed,
});

const token = (changed?: object, header = {}, signer = key) =>
  new SignJWT(claims(changed))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.publicKey.kid, ...header })
    .sign(signer.privateKey);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refused = (text: string, reason: string, ...issuers: TrustedIssuer[]) =>
  expect(verifier(...issuers).verify(text)).rejects.toMatchObject({
    code: 'token-invalid',
    details: { reason },
  });

describe('a token', () => {
  it('tells who somebody is; without roles in it or grants here, of no role', async () => {
    expect(await verifier().verify(await token({ name: 'Ada' }))).toEqual({
      id: 'ada',
      name: 'Ada',
      roles: [],
      issuer: 'https://id.example.org',
    });
  });

  it('has the roles that it states and that are granted here, and no other', async () => {
    const grants = { ada: ['steward:VU', 'requester'], eve: ['operator'] } as const;
    const stated = await token({ starling_roles: ['requester', 'admin', 'steward:a b', 7, 'steward:UVA'] });
    const person = await verifier({ ...trusted, grants }).verify(stated);
    expect(person.roles).toEqual(['requester', 'steward:UVA', 'steward:VU']);
    const text = await token({ starling_roles: 'operator' });
    expect((await verifier().verify(text)).roles).toEqual([]);
    const nobody = await token({ sub: 'constructor' });
    expect((await verifier({ ...trusted, grants }).verify(nobody)).roles).toEqual([]);
  });

  it('has no name that would break a line of a log', async () => {
    const person = await verifier().verify(await token({ name: 'Ada\nEve' }));
    expect(person).toEqual({ id: 'ada', roles: [], issuer: 'https://id.example.org' });
  });

  it('is read by the claims that the issuer uses', async () => {
    const other = { ...trusted, userClaim: 'email', rolesClaim: 'groups' };
    const text = await token({ email: 'ada@vu.nl', groups: ['operator'], starling_roles: ['requester'] });
    expect(await verifier(other).verify(text)).toMatchObject({ id: 'ada@vu.nl', roles: ['operator'] });
  });

  it('may be for several audiences', async () => {
    expect(await verifier().verify(await token({ aud: ['other', 'starling'] }))).toMatchObject({ id: 'ada' });
  });

  it('may be signed with RS256 or ES256, by the key that fits', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const served: Record<string, object> = {
      '/.well-known/openid-configuration': {
        issuer: 'https://id.example.org',
        jwks_uri: 'https://id.example.org/keys',
      },
      '/keys': { keys: [rsa.publicKey, ec.publicKey].map((one) => one.export({ format: 'jwk' })) },
    };
    const discovering = createTokenVerifier({
      clock,
      issuers: [{ issuer: 'https://id.example.org', audience: 'starling' }],
      fetch: async (url) => Response.json(served[new URL(String(url)).pathname]),
    });
    for (const [alg, pair] of [['RS256', rsa] as const, ['ES256', ec] as const]) {
      const text = await new SignJWT(claims()).setProtectedHeader({ alg }).sign(pair.privateKey);
      expect(await discovering.verify(text)).toMatchObject({ id: 'ada' });
    }
  });
});

describe('a token is refused', () => {
  it('where it has no signature', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      await refused(`${part({ alg, typ: 'at+jwt' })}.${part(claims())}.`, 'unsigned');
    }
    await refused((await token()).replace(/[^.]*$/, ''), 'unsigned');
  });

  it('where its algorithm has no public key', async () => {
    const input = `${part({ alg: 'HS256', typ: 'at+jwt', kid: key.publicKey.kid })}.${part(claims())}`;
    const mac = createHmac('sha256', Buffer.from(key.publicKey.x, 'base64url'))
      .update(input)
      .digest('base64url');
    await refused(`${input}.${mac}`, 'bad-signature');
  });

  it('where it was altered, or is signed by somebody else', async () => {
    const [header, , signature] = (await token()).split('.');
    await refused(`${header}.${part(claims({ sub: 'eve' }))}.${signature}`, 'bad-signature');
    const other = madeKey();
    await refused(await token({}, {}, other), 'bad-signature');
    await refused(await token({}, { kid: key.publicKey.kid }, other), 'bad-signature');
    await refused(
      await token({}, { kid: key.publicKey.kid, jwk: { ...other.publicKey } }, other),
      'bad-signature',
    );
  });

  it('where it was signed for another purpose', async () => {
    for (const typ of ['starling-order+jwt', 'starling-link+jwt', 'logout+jwt']) {
      await refused(await token({}, { typ }), 'malformed');
    }
  });

  it('where it cannot be read', async () => {
    const good = await token();
    for (const text of ['', 'x', 'a.b.c', `${good}.x`, ` ${good}`, `Bearer ${good}`])
      await refused(text, 'malformed');
    await refused(await token({ extra: 'x'.repeat(16_000) }), 'malformed');
    await refused(await token({}, { crit: ['b64'], b64: true }), 'malformed');
    await refused(`${part({ alg: 'EdDSA' })}.${part([1])}.AAAA`, 'malformed');
  });

  it('where nobody here trusts its issuer', async () => {
    await refused(await token({ iss: 'https://id.example.org/' }), 'unknown-issuer');
    await refused(await token({ iss: undefined }), 'unknown-issuer');
    await refused(await token({ iss: '__proto__' }), 'unknown-issuer');
  });

  it('where it is signed by another issuer that is trusted, too', async () => {
    const other = madeKey();
    const second = { ...trusted, issuer: 'https://second.example.org', keys: [other.publicKey] };
    await refused(await token({}, {}, other), 'bad-signature', trusted, second);
  });

  it('where it is meant for somebody else', async () => {
    await refused(await token({ aud: 'wiki' }), 'wrong-audience');
    await refused(await token({ aud: undefined }), 'wrong-audience');
  });

  it('where it names no person', async () => {
    for (const sub of [undefined, '', ' ada', 'a\nb', 'x'.repeat(201)])
      await refused(await token({ sub }), 'no-user');
  });

  it('where it does not say how long it counts', async () => {
    await refused(await token({ exp: undefined }), 'malformed');
    await refused(await token({ exp: 1e300 }), 'malformed');
  });
});

describe('the time of a token', () => {
  it('ends a minute after it says, both the first time and when it was seen before', async () => {
    const text = await token();
    const first = verifier();
    clock.advance(11 * minute - 1);
    await first.verify(text);
    clock.advance(1);
    const ended = {
      code: 'token-invalid',
      message:
        'The token is not believed: it ended 2026-01-01T12:10:00.000Z, and it is 2026-01-01T12:11:00.000Z here. Get a new one from https://id.example.org.',
      details: { reason: 'expired' },
    };
    await expect(first.verify(text)).rejects.toMatchObject(ended);
    await expect(verifier().verify(text)).rejects.toMatchObject(ended);
  });

  it('begins a minute before it says; one of the future is told with both times', async () => {
    const ahead = await token({ iat: start / 1000 + 61 });
    await expect(verifier().verify(ahead)).rejects.toMatchObject({
      code: 'clock-skewed',
      message: expect.stringMatching(/from 2026-01-01T12:01:01.000Z on, .* says 2026-01-01T12:00:00.000Z\./),
    });
    await expect(verifier().verify(await token({ nbf: start / 1000 + 61 }))).rejects.toMatchObject({
      code: 'clock-skewed',
    });
    expect(await verifier().verify(await token({ iat: start / 1000 + 60 }))).toMatchObject({ id: 'ada' });
  });

  it('is told from a clock that jumped, forward or back', async () => {
    for (const hours of [1, -1]) {
      clock = new ManualClock(start);
      const jumps: number[] = [];
      const watching = createTokenVerifier({
        clock,
        issuers: [trusted],
        onClockJump: (byMs) => jumps.push(byMs),
      });
      const text = await token();
      await watching.verify(text);
      clock.setWallTime(start + hours * 60 * minute);
      await expect(watching.verify(text)).rejects.toMatchObject({
        code: 'clock-skewed',
        message: expect.stringContaining(`jumped by ${hours * 3600} seconds`),
        details: { jumpedByMs: hours * 60 * minute },
      });
      expect(jumps).toEqual([hours * 60 * minute]);
    }
  });
});

describe('createTokenVerifier', () => {
  it('verifies a token once a minute, and remembers a bounded number', async () => {
    let looks = 0;
    const discovering = createTokenVerifier({
      clock,
      issuers: [{ issuer: 'https://id.example.org', audience: 'starling' }],
      fetch: async (url) => {
        looks += 1;
        const isKeys = String(url).endsWith('/keys');
        return Response.json(
          isKeys
            ? { keys: [key.publicKey] }
            : { issuer: 'https://id.example.org', jwks_uri: 'https://id.example.org/keys' },
        );
      },
    });
    const text = await token({ exp: start / 1000 + 7200 });
    await discovering.verify(text);
    expect(looks).toBe(2);
    // the keys are too old now, and are looked for only where a signature is verified again
    clock.advance(10 * minute - 1);
    const other = await token({ jti: 'x', exp: start / 1000 + 7200 });
    await discovering.verify(other);
    expect(looks).toBe(2);
    clock.advance(1);
    await discovering.verify(other);
    expect(looks).toBe(2);
    await discovering.verify(text);
    expect(looks).toBe(4);
  });

  it.each<[string, TrustedIssuer]>([
    ['is no URL', { ...trusted, issuer: 'id.example.org' }],
    ['has no audience', { ...trusted, audience: '' }],
    ['is without TLS', { issuer: 'http://id.example.org', audience: 'starling' }],
  ])('refuses an issuer that %s', (_what, issuer) => {
    expect(() => verifier(issuer)).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
  });

  it('refuses an issuer that is named twice', () => {
    expect(() => verifier(trusted, { ...trusted, audience: 'other' })).toThrow(
      expect.objectContaining({ code: 'configuration-invalid' }),
    );
  });
});
