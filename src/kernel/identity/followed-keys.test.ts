import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { type MadeServer, openMadeServer } from '../made-server/index.js';
import type { PinnedKeys, SigningKey } from './identity.js';
import { openIssuer } from './issuer.js';
import { signKeyChange } from './key-change.js';
import { madeKey } from './made-key.js';
import { keyGraceMs, pinKey } from './pinned-keys.js';
import { createTokenVerifier } from './tokens.js';

const first = madeKey();
const second = madeKey();
const third = madeKey();
const thief = madeKey();
const audience = 'starling';

let clock: ManualClock;
let server: MadeServer;
let url: string;
/** What the address of the issuer serves now. */
let served: { key: SigningKey; changes: readonly string[] };
let asked: number;
let pinned: PinnedKeys;

beforeEach(async () => {
  clock = new ManualClock();
  asked = 0;
  served = { key: first, changes: [] };
  pinned = pinKey(first.publicKey);
  server = await openMadeServer(({ url: path = '' }, reply) => {
    const issuer = issuerOf(served.key);
    if (path === '/.well-known/jwks.json') asked += 1;
    reply.end(JSON.stringify(path === '/.well-known/jwks.json' ? issuer.jwks() : issuer.discovery()));
  });
  url = server.url;
});

afterEach(() => server.close());

const issuerOf = (key: SigningKey) =>
  openIssuer({ key, changes: served.changes, issuer: url, audience, clock });
const token = (key: SigningKey) =>
  issuerOf(key).mint({ user: 'ada', roles: ['requester'], ttlSeconds: 7 * 24 * 3600 });
const change = (from: SigningKey, to: SigningKey) => signKeyChange(from, to, clock.wallTime() / 1000);
const keys = {
  pinned: () => pinned,
  keep: async (changed: PinnedKeys) => {
    pinned = changed;
  },
};
const verifier = () => createTokenVerifier({ clock, issuers: [{ issuer: url, audience, keys }] });
const badSignature = { code: 'token-invalid', details: { reason: 'bad-signature' } };

describe('keys that are pinned and followed', () => {
  it('verify without asking anybody', async () => {
    expect(await verifier().verify(await token(first))).toMatchObject({ id: 'ada' });
    expect(asked).toBe(0);
  });

  it('are replaced over several changes, each signed by the key before, and kept', async () => {
    served = { key: third, changes: [await change(first, second), await change(second, third)] };
    const one = verifier();
    const made = await Promise.all([token(third), token(third), token(second)]);
    for (const person of await Promise.all(made.map((text) => one.verify(text)))) {
      expect(person).toMatchObject({ id: 'ada' });
    }
    expect(asked).toBe(1);
    expect(pinned.current).toEqual(third.publicKey);
    expect(pinned.earlier.map(({ key }) => key)).toEqual([first.publicKey, second.publicKey]);
  });

  it('leave a day to the tokens of the key before', async () => {
    const old = await token(first);
    const older = await token(first);
    served = { key: second, changes: [await change(first, second)] };
    const one = verifier();
    await one.verify(await token(second));
    clock.advance(keyGraceMs - 1);
    expect(await one.verify(old)).toMatchObject({ id: 'ada' });
    clock.advance(1);
    await expect(one.verify(older)).rejects.toMatchObject(badSignature);
  });

  it('are not replaced by another key that the address of the issuer serves', async () => {
    served = { key: thief, changes: [] };
    await expect(verifier().verify(await token(thief))).rejects.toMatchObject(badSignature);
    served = { key: thief, changes: [await change(madeKey(), thief)] };
    await expect(verifier().verify(await token(thief))).rejects.toMatchObject(badSignature);
    const [header] = (await change(first, second)).split('.');
    const [, ...forged] = (await change(thief, thief)).split('.');
    served = { key: thief, changes: [[header, ...forged].join('.')] };
    await expect(verifier().verify(await token(thief))).rejects.toMatchObject({ code: 'issuer-unreachable' });
    expect(pinned).toEqual(pinKey(first.publicKey));
  });

  it('are asked for every half a minute at most, whatever keys are named', async () => {
    const one = verifier();
    await expect(one.verify(await token(thief))).rejects.toMatchObject(badSignature);
    served = { key: second, changes: [await change(first, second)] };
    await expect(one.verify(await token(second))).rejects.toMatchObject(badSignature);
    expect(asked).toBe(1);
    clock.advance(30_000);
    expect(await one.verify(await token(second))).toMatchObject({ id: 'ada' });
    expect(asked).toBe(2);
  });

  it('do not count before they are kept', async () => {
    served = { key: second, changes: [await change(first, second)] };
    const full = { ...keys, keep: () => Promise.reject(new Error('the disk is full')) };
    const one = createTokenVerifier({ clock, issuers: [{ issuer: url, audience, keys: full }] });
    await expect(one.verify(await token(second))).rejects.toMatchObject({
      code: 'issuer-unreachable',
      message: expect.stringContaining('the disk is full'),
    });
  });
});
