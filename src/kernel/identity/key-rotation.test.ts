import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { signKeyChange, verifyKeyChange } from './key-change.js';
import { madeKey } from './made-key.js';
import {
  acceptKeyChanges,
  everyKey,
  keyGraceMs,
  keysInForce,
  pinKey,
  pinnedKeysSchema,
} from './pinned-keys.js';
import { readKeyChanges, rotateSigningKey } from './rotate-signing-key.js';
import { openSigningKey } from './signing-key.js';

const clock = new ManualClock();
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-key-rotation-'));
  file = join(folder, 'party.key');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('rotateSigningKey', () => {
  it('puts a new key in place, with a statement that whoever pinned the old one can verify', async () => {
    const old = await openSigningKey(file);
    const { key, statement } = await rotateSigningKey(file, clock);
    expect(key.publicKey).not.toEqual(old.publicKey);
    expect((await openSigningKey(file)).publicKey).toEqual(key.publicKey);
    expect(await verifyKeyChange(statement, [old.publicKey])).toEqual(key.publicKey);
    expect(await readKeyChanges(file)).toEqual([statement]);
    expect(readdirSync(folder).sort()).toEqual(['party.key', 'party.key.changes.json']);
  });

  it('keeps every statement, so that somebody who was away for several changes can follow', async () => {
    const first = await openSigningKey(file);
    for (let times = 0; times < 3; times += 1) await rotateSigningKey(file, clock);
    const last = await openSigningKey(file);
    const pinned = await acceptKeyChanges(pinKey(first.publicKey), await readKeyChanges(file), 0);
    expect(pinned.current).toEqual(last.publicKey);
    expect(pinned.earlier).toHaveLength(3);
  });

  it('goes on where a crash left it, at each of its steps', async () => {
    const old = await openSigningKey(file);
    copyFileSync(file, join(folder, 'old'));
    // killed after the new key was made
    const next = await openSigningKey(`${file}.next`);
    expect((await openSigningKey(file)).publicKey).toEqual(old.publicKey);
    // killed after the statement was written, too
    writeFileSync(`${file}.changes.json`, JSON.stringify([await signKeyChange(old, next, 1)]));
    expect(await readKeyChanges(file)).toEqual([]);
    const { key, statement } = await rotateSigningKey(file, clock);
    expect(key.publicKey).toEqual(next.publicKey);
    expect(await readKeyChanges(file)).toEqual([statement]);
    expect(readFileSync(file, 'utf8')).not.toBe(readFileSync(join(folder, 'old'), 'utf8'));
  });

  it('refuses where there is no key, or its statements are damaged', async () => {
    await expect(rotateSigningKey(file, clock)).rejects.toMatchObject({ code: 'not-found' });
    const old = await openSigningKey(file);
    writeFileSync(`${file}.changes.json`, '["');
    await expect(rotateSigningKey(file, clock)).rejects.toMatchObject({ code: 'storage-failed' });
    expect((await openSigningKey(file)).publicKey).toEqual(old.publicKey);
  });
});

describe('verifyKeyChange', () => {
  const old = madeKey();
  const next = madeKey();
  const refused = (statement: string, reason: string) =>
    expect(verifyKeyChange(statement, [old.publicKey])).rejects.toMatchObject({
      code: 'signature-invalid',
      details: { reason },
    });

  it('refuses a change that the old key did not sign', async () => {
    await refused(await signKeyChange(madeKey(), next, 1), 'unknown-key');
  });

  it('refuses a key whose holder did not prove to have it', async () => {
    const thief = madeKey();
    const sign = (iat: number, proof: string) =>
      old.sign('starling-key+jwt', { iat, key: next.publicKey, proof });
    const claims = { iat: 1, previous: old.publicKey.kid, key: next.publicKey.kid };
    await refused(await sign(1, await thief.sign('starling-key+jwt', claims)), 'unknown-key');
    const elsewhere = { ...claims, previous: thief.publicKey.kid };
    await refused(await sign(1, await next.sign('starling-key+jwt', elsewhere)), 'malformed');
    const other = { ...claims, key: thief.publicKey.kid };
    await refused(await sign(1, await next.sign('starling-key+jwt', other)), 'malformed');
    const borrowed = await sign(1, await next.sign('starling-key+jwt', elsewhere));
    await expect(verifyKeyChange(borrowed, [old.publicKey, thief.publicKey])).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });

  it('refuses a proof in the place of a statement', async () => {
    const claims = { iat: 1, previous: old.publicKey.kid, key: next.publicKey.kid };
    await refused(await old.sign('starling-key+jwt', claims), 'malformed');
  });
});

describe('pinned keys', () => {
  const first = madeKey();
  const second = madeKey();

  it('count an earlier key for what is new until its grace ends, and for what is old for ever', async () => {
    const at = Date.UTC(2026, 0, 1);
    const statement = await signKeyChange(first, second, 1);
    const pinned = await acceptKeyChanges(pinKey(first.publicKey), [statement], at);
    expect(pinned).toEqual({
      current: second.publicKey,
      earlier: [{ key: first.publicKey, until: '2026-01-02T00:00:00.000Z' }],
    });
    const both = [second.publicKey, first.publicKey];
    expect(keysInForce(pinned, at + keyGraceMs - 1)).toEqual(both);
    expect(keysInForce(pinned, at + keyGraceMs)).toEqual([second.publicKey]);
    expect(everyKey(pinned)).toEqual(both);
    expect(pinnedKeysSchema.parse(JSON.parse(JSON.stringify(pinned)))).toEqual(pinned);
  });

  it('stay as they are when they hear of a change again, or of one by an earlier key', async () => {
    const changes = [await signKeyChange(first, second, 1)];
    const pinned = await acceptKeyChanges(pinKey(first.publicKey), changes, 0);
    const leaked = await signKeyChange(first, madeKey(), 2);
    expect(await acceptKeyChanges(pinned, [...changes, leaked], 1)).toEqual(pinned);
  });

  it('refuse a statement that is no statement', async () => {
    await expect(acceptKeyChanges(pinKey(first.publicKey), ['x'], 0)).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });
});
