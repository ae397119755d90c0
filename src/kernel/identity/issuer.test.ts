import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { openIssuer, type TokenRequest } from './issuer.js';
import { madeKey } from './made-key.js';
import { createTokenVerifier } from './tokens.js';

const clock = new ManualClock(Date.UTC(2026, 0, 1));
const key = madeKey();
const earlier = madeKey();
const ground = { issuer: 'http://127.0.0.1:7070', audience: 'starling', clock };
const issuer = openIssuer({ ...ground, key, earlier: [earlier.publicKey] });

describe('openIssuer', () => {
  it('mints tokens that say who, what, for whom and how long', async () => {
    const token = await issuer.mint({
      user: 'ada@vu.nl',
      name: 'Ada',
      roles: ['steward:VU', 'requester', 'requester'],
      ttlSeconds: 600,
    });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: key.publicKey.kid });
    expect(decodeJwt(token)).toEqual({
      iss: 'http://127.0.0.1:7070',
      sub: 'ada@vu.nl',
      aud: 'starling',
      iat: Date.UTC(2026, 0, 1) / 1000,
      exp: Date.UTC(2026, 0, 1) / 1000 + 600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Ada',
      starling_roles: ['requester', 'steward:VU'],
    });
    const pinned = createTokenVerifier({ clock, issuers: [{ ...ground, keys: [key.publicKey] }] });
    expect(await pinned.verify(token)).toEqual({
      id: 'ada@vu.nl',
      name: 'Ada',
      roles: ['requester', 'steward:VU'],
      issuer: 'http://127.0.0.1:7070',
    });
  });

  it('serves documents with which anybody can verify its tokens, also those of its earlier key', async () => {
    const served: Record<string, object> = {
      'http://127.0.0.1:7070/.well-known/openid-configuration': issuer.discovery(),
      'http://127.0.0.1:7070/.well-known/jwks.json': issuer.jwks(),
    };
    const discovered = createTokenVerifier({
      clock,
      issuers: [ground],
      fetch: async (url) => Response.json(served[String(url)]),
    });
    for (const from of [issuer, openIssuer({ ...ground, key: earlier })]) {
      const token = await from.mint({ user: 'ada', roles: ['operator'], ttlSeconds: 60 });
      expect(await discovered.verify(token)).toMatchObject({ id: 'ada', roles: ['operator'] });
    }
    expect(JSON.stringify(issuer.jwks())).not.toContain('"d":');
  });

  it.each<[string, Partial<TokenRequest> | { roles: string[] }]>([
    ['no user', { user: '' }],
    ['a user with a line break', { user: 'ada\noperator' }],
    ['a role that there is not', { roles: ['root'] }],
    ['a steward of nobody', { roles: ['steward:'] }],
    ['no time', { ttlSeconds: 0 }],
    ['part of a second', { ttlSeconds: 1.5 }],
    ['more than a year', { ttlSeconds: 367 * 24 * 3600 }],
  ])('refuses to mint for %s', async (_what, part) => {
    const request = { user: 'ada', roles: [], ttlSeconds: 60, ...part } as TokenRequest;
    await expect(issuer.mint(request)).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
