import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyStore } from '../../lmdb/index.js';
import { openLocalState } from './open.js';
import { openStateReader } from './state-reader.js';

let root = '';
let folder = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-reader-'));
  folder = join(root, 'state');
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** A process that has the store open, puts `a`, says so, and holds it until its standard input ends. */
async function holdElsewhere(): Promise<() => Promise<void>> {
  const index = new URL('../../../../dist/kernel/state/index.js', import.meta.url).href;
  const program = `
    const { openLocalState } = await import(${JSON.stringify(index)});
    const state = await openLocalState({ folder: ${JSON.stringify(folder)} });
    await state.put('a', 'theirs');
    console.log('held');
    for await (const _ of process.stdin);
    await state.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  expect(line).toBe('held');
  return async () => {
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  };
}

describe('reading a state beside its owner', () => {
  it('reads and copies what another process has open, and leaves the owner its locks', async () => {
    const release = await holdElsewhere();
    const reader = await openStateReader(folder);
    expect(await reader.get('a')).toMatchObject({ value: 'theirs', modRevision: 1 });
    await reader.close();
    await mkdir(join(root, 'copy'));
    await copyStore(folder, join(root, 'copy'));
    await expect(openLocalState({ folder })).rejects.toMatchObject({ code: 'folder-in-use' });
    await release();
    const copy = await openLocalState({ folder: join(root, 'copy') });
    expect(await copy.get('a')).toMatchObject({ value: 'theirs', modRevision: 1 });
    expect(await copy.put('b', 1)).toBe(2);
    await copy.close();
  });

  it('lists by page, as the state itself does', async () => {
    const state = await openLocalState({ folder });
    for (const key of ['k/1', 'k/2', 'k/3', 'l']) await state.put(key, key);
    const whole = await state.list('k/');
    const part = await state.list('k/', { limit: 2 });
    const rest = await state.list('k/', { limit: 2, after: 'k/2' });
    await state.close();
    const reader = await openStateReader(folder);
    expect(await reader.list('k/')).toEqual(whole);
    expect(await reader.list('k/', { limit: 2 })).toEqual(part);
    expect(await reader.list('k/', { limit: 2, after: 'k/2' })).toEqual(rest);
    await reader.close();
  });

  it('refuses where there is no store, and where this process has it open', async () => {
    await expect(openStateReader(folder)).rejects.toMatchObject({ code: 'not-found' });
    const state = await openLocalState({ folder });
    await expect(openStateReader(folder)).rejects.toMatchObject({ code: 'folder-in-use' });
    await state.close();
  });
});
