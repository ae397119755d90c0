import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publicKeySchema } from './public-key.js';
import { verifySigned } from './signed.js';
import { openSigningKey } from './signing-key.js';

const root = process.getuid?.() === 0;
if (root) console.log('Skipped: a folder without write permission, because root may write to every folder.');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-signing-key-'));
  file = join(folder, 'keys', 'party.key');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openSigningKey', () => {
  it('makes a key once, for its owner alone, and finds it again', async () => {
    const made = await openSigningKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['party.key']);
    const found = await openSigningKey(file);
    expect(found.publicKey).toEqual(made.publicKey);
    const signed = await found.sign('starling-link+jwt', { nonce: 'n' });
    expect(await verifySigned(signed, 'starling-link+jwt', [made.publicKey])).toEqual({ nonce: 'n' });
  });

  it('names the public half by its thumbprint, and never shows the private one', async () => {
    const key = await openSigningKey(file);
    expect(Object.keys(key.publicKey).sort()).toEqual(['crv', 'kid', 'kty', 'x']);
    expect(key.publicKey.kid).toBe(await calculateJwkThumbprint({ ...key.publicKey }));
    expect(JSON.stringify(key)).not.toContain('"d"');
    const other = await openSigningKey(join(folder, 'other.key'));
    expect(publicKeySchema.parse(key.publicKey)).toEqual(key.publicKey);
    expect(publicKeySchema.safeParse({ ...key.publicKey, kid: other.publicKey.kid }).success).toBe(false);
    expect(publicKeySchema.safeParse({ ...key.publicKey, d: 'x' }).success).toBe(false);
  });

  it('gives everybody who opens it at once the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(file)));
    expect(new Set(keys.map(({ publicKey }) => publicKey.kid)).size).toBe(1);
  });

  it('refuses a file that is damaged or holds another kind of key', async () => {
    await openSigningKey(file);
    const text = readFileSync(file, 'utf8');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    for (const damaged of ['', text.slice(0, 60), 'no key', rsa]) {
      writeFileSync(file, damaged);
      await expect(openSigningKey(file)).rejects.toMatchObject({
        code: 'storage-failed',
        message: expect.stringContaining('Restore it from a backup'),
      });
      expect(readFileSync(file, 'utf8')).toBe(damaged);
    }
  });

  it('says so where the file cannot be written or read', async () => {
    mkdirSync(file, { recursive: true });
    await expect(openSigningKey(file)).rejects.toMatchObject({ code: 'storage-failed' });
    writeFileSync(join(folder, 'plain'), '');
    await expect(openSigningKey(join(folder, 'plain', 'party.key'))).rejects.toMatchObject({
      code: 'storage-failed',
    });
  });

  it.skipIf(root)('makes no key that it cannot keep', async () => {
    mkdirSync(join(folder, 'keys'));
    chmodSync(join(folder, 'keys'), 0o500);
    await expect(openSigningKey(file)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(readdirSync(join(folder, 'keys'))).toEqual([]);
  });
});
