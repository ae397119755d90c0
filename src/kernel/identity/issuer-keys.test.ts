import type { RequestListener } from 'node:http';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { type MadeServer, openMadeServer } from '../made-server/index.js';
import { madeKey } from './made-key.js';
import { createTokenVerifier } from './tokens.js';

const first = madeKey();
const second = madeKey();
let clock: ManualClock;
let server: MadeServer;
let issuer: string;
let paths: string[];
let keys: object[];
/** What the issuer answers instead of its documents, by path. */
let instead: Record<string, RequestListener>;

beforeEach(async () => {
  clock = new ManualClock();
  paths = [];
  keys = [first.publicKey];
  instead = {};
  server = await openMadeServer((request, reply) => {
    const path = request.url ?? '';
    paths.push(path);
    const other = instead[path];
    if (other !== undefined) return other(request, reply);
    const isKeys = path === '/keys';
    return reply.end(JSON.stringify(isKeys ? { keys } : { issuer, jwks_uri: `${issuer}/keys` }));
  });
  issuer = server.url;
});

afterEach(() => server.close());

const verifier = () => createTokenVerifier({ clock, issuers: [{ issuer, audience: 'a' }] });
let tokens = 0;
/** Each is another, so that none is remembered. */
const token = (key = first) => {
  tokens += 1;
  return new SignJWT({
    iss: issuer,
    aud: 'a',
    sub: 'ada',
    jti: `${tokens}`,
    exp: clock.wallTime() / 1000 + 60,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.publicKey.kid })
    .sign(key.privateKey);
};
const discovery = '/.well-known/openid-configuration';
const unreachable = (why: RegExp) => ({ code: 'issuer-unreachable', message: expect.stringMatching(why) });

describe('keys of an issuer', () => {
  it('are looked for once, however many need them at once', async () => {
    const one = verifier();
    const made = await Promise.all(Array.from({ length: 10 }, () => token()));
    await Promise.all(made.map((text) => one.verify(text)));
    expect(paths).toEqual([discovery, '/keys']);
  });

  it('are found when they rotate, and those that were withdrawn count no more', async () => {
    const one = verifier();
    await one.verify(await token());
    keys = [second.publicKey];
    const made = await token(second);
    // anybody can name an unknown key: no look before half a minute has passed
    await expect(one.verify(made)).rejects.toMatchObject({ details: { reason: 'bad-signature' } });
    expect(paths).toHaveLength(2);
    clock.advance(30_000);
    expect(await one.verify(made)).toMatchObject({ id: 'ada' });
    expect(paths).toHaveLength(4);
    await expect(one.verify(await token(first))).rejects.toMatchObject({
      details: { reason: 'bad-signature' },
    });
  });

  it('are looked for again after a failure, yet not at once', async () => {
    const one = verifier();
    instead[discovery] = (_request, reply) => reply.writeHead(500).end();
    await expect(one.verify(await token())).rejects.toMatchObject(unreachable(/answered with status 500/));
    instead = {};
    await expect(one.verify(await token())).rejects.toMatchObject({ code: 'issuer-unreachable' });
    expect(paths).toHaveLength(1);
    clock.advance(5_000);
    expect(await one.verify(await token())).toMatchObject({ id: 'ada' });
  });

  it('count no longer than ten minutes without another look', async () => {
    const one = verifier();
    await one.verify(await token());
    instead['/keys'] = (_request, reply) => reply.destroy();
    clock.advance(10 * 60_000 - 1);
    await one.verify(await token());
    clock.advance(1);
    await expect(one.verify(await token())).rejects.toMatchObject({ code: 'issuer-unreachable' });
  });

  it.each<[string, string, RequestListener, RegExp]>([
    [
      'redirects',
      discovery,
      (_, reply) => reply.writeHead(302, { location: '/keys' }).end(),
      /cannot be had/,
    ],
    ['is no JSON', discovery, (_, reply) => reply.end('<html>'), /JSON/],
    [
      'is of another issuer',
      discovery,
      (_, reply) => reply.end('{"issuer":"x","jwks_uri":"x"}'),
      /another issuer, x/,
    ],
    ['has no keys', '/keys', (_, reply) => reply.end('{}'), /keys/],
    ['is too large', '/keys', (_, reply) => reply.end('x'.repeat(300_000)), /more than 262144 bytes/],
  ])('are not taken from a document that %s', async (_what, path, listener, why) => {
    instead[path] = listener;
    await expect(verifier().verify(await token())).rejects.toMatchObject(unreachable(why));
  });

  it('are not taken from a place that is reached without TLS', async () => {
    instead[discovery] = (_, reply) =>
      reply.end(JSON.stringify({ issuer, jwks_uri: 'http://keys.example.org/keys' }));
    await expect(verifier().verify(await token())).rejects.toMatchObject(unreachable(/which is not https/));
  });

  it('are not waited for longer than five seconds, headers or body', async () => {
    for (const body of [false, true]) {
      instead['/keys'] = (_request, reply) => {
        if (body) reply.write('{"keys":');
        // the clock moves when the answer hangs
        setImmediate(() => clock.advance(5_000));
      };
      await expect(verifier().verify(await token())).rejects.toMatchObject(unreachable(/within 5000 ms/));
      expect(clock.pendingTimers).toBe(0);
    }
  });

  it('cannot be had where nobody listens', async () => {
    const made = await token();
    const one = verifier();
    await server.close();
    await expect(one.verify(made)).rejects.toMatchObject(unreachable(/cannot be had: connect ECONNREFUSED/));
  });
});
