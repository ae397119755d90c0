import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../kernel/clock/index.js';
import { createTokenVerifier, keyGraceMs, rotateSigningKey } from '../../kernel/identity/index.js';
import { issuerKeyFile, openBuiltInIssuer } from './built-in-issuer.js';

let folder: string;
const clock = systemClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-issuer-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the built-in issuer', () => {
  it('makes tokens that are verified with its pinned key, also when it is opened again', async () => {
    const first = await openBuiltInIssuer({ folder, url: 'https://gateway.example', clock });
    const { issuer } = await openBuiltInIssuer({ folder, clock });
    const token = await issuer.mint({ user: 'ada@u.example', roles: ['operator'], ttlSeconds: 60 });
    const verifier = createTokenVerifier({ issuers: [first.trusted], clock });
    expect(await verifier.verify(token)).toMatchObject({
      id: 'ada@u.example',
      roles: ['operator'],
      issuer: 'https://gateway.example',
    });
  });

  it('lets tokens of the key before count for a day after it was rotated', async () => {
    const { issuer, key } = await openBuiltInIssuer({ folder, url: 'https://gateway.example', clock });
    const old = await issuer.mint({ user: 'ada@u.example', roles: ['requester'], ttlSeconds: 60 });
    await rotateSigningKey(issuerKeyFile(folder), clock);
    const next = await openBuiltInIssuer({ folder, clock });
    expect(next.key).not.toBe(key);
    const made = await next.issuer.mint({ user: 'ada@u.example', roles: ['requester'], ttlSeconds: 60 });
    const verifier = createTokenVerifier({ issuers: [next.trusted], clock });
    for (const token of [old, made])
      expect(await verifier.verify(token)).toMatchObject({ id: 'ada@u.example' });
    const later = new ManualClock(clock.wallTime() + keyGraceMs);
    const { trusted } = await openBuiltInIssuer({ folder, clock: later });
    expect(trusted.keys).toMatchObject([{ kid: next.key }]);
  });

  it('says where there is none yet, and where it is damaged', async () => {
    await expect(openBuiltInIssuer({ folder, clock })).rejects.toMatchObject({ code: 'not-found' });
    await writeFile(join(folder, 'issuer.json'), '{');
    await expect(openBuiltInIssuer({ folder, clock })).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
