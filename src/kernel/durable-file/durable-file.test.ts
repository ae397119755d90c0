import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFile, publishFile, replaceFile } from './durable-file.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-durable-file-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('durable files', () => {
  it('publishes a finished file under its name, with its mode, over an older one', async () => {
    writeFileSync(join(folder, 'work'), 'new');
    writeFileSync(join(folder, 'target'), 'old');
    await publishFile(join(folder, 'work'), join(folder, 'target'), 0o440);
    expect(readdirSync(folder)).toEqual(['target']);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'target')).mode & 0o777).toBe(0o440);
  });

  it('replaces a file as a whole', async () => {
    await replaceFile(join(folder, 'target'), 'one');
    await replaceFile(join(folder, 'target'), Buffer.from('two'));
    expect(readdirSync(folder)).toEqual(['target']);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('two');
  });

  it('makes a file only where there is none, the first of several', async () => {
    const target = join(folder, 'target');
    const made = await Promise.allSettled(['a', 'b', 'c'].map((text) => makeFile(target, text, 0o600)));
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    const first = ['a', 'b', 'c'][made.findIndex(({ status }) => status === 'fulfilled')];
    expect(readFileSync(target, 'utf8')).toBe(first);
    await expect(makeFile(target, 'd')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(folder)).toEqual(['target']);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind where it fails', async () => {
    mkdirSync(join(folder, 'target', 'full'), { recursive: true });
    await expect(replaceFile(join(folder, 'target'), 'x')).rejects.toMatchObject({ syscall: 'rename' });
    expect(readdirSync(folder)).toEqual(['target']);
  });
});
