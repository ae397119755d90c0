import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pseudonymKey } from './pseudonym-key.js';

let root: string;
let folder: string;
let file: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'starling-key-'));
  folder = join(root, 'agents', 'VU');
  file = join(folder, 'pseudonym.key');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the key of pseudonyms', () => {
  it('is made once, in a folder that is made with it, for its owner alone', async () => {
    const key = await pseudonymKey(folder);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(file, 'utf8')).toBe(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o007).toBe(0);
    expect(readdirSync(folder)).toEqual(['pseudonym.key']);
    expect(await pseudonymKey(folder)).toBe(key);
  });

  it('is one, whoever is first to make it', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => pseudonymKey(folder)));
    expect(new Set(keys).size).toBe(1);
  });

  it('is another one in another folder', async () => {
    expect(await pseudonymKey(folder)).not.toBe(await pseudonymKey(join(root, 'other')));
  });

  it('is taken as an editor left it, with a line end', async () => {
    const key = await pseudonymKey(folder);
    writeFileSync(file, `${key}\n`);
    expect(await pseudonymKey(folder)).toBe(key);
  });

  it.each([
    ['empty', ''],
    ['cut', 'ab'.repeat(20)],
    ['too long', 'ab'.repeat(33)],
    ['of other characters', 'zz'.repeat(32)],
  ])('that is %s is told, and left as it is', async (_, content) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, content);
    await expect(pseudonymKey(folder)).rejects.toMatchObject({
      code: 'storage-failed',
      message: `The key ${file} is damaged. Restore it from a backup, or remove it to get new pseudonyms.`,
    });
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('that cannot be read or written is told, with its file', async () => {
    mkdirSync(file, { recursive: true });
    await expect(pseudonymKey(folder)).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining(`The key ${file} cannot be read: EISDIR`),
    });
    const blocked = join(root, 'a file');
    writeFileSync(blocked, '');
    await expect(pseudonymKey(join(blocked, 'VU'))).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('cannot be written: ENOTDIR'),
    });
  });
});
