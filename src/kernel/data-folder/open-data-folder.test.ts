import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalState } from '../state/index.js';
import { openDataFolder } from './open-data-folder.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-folder-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const record = async () => JSON.parse(await readFile(join(folder, 'starling.json'), 'utf8'));

describe('openDataFolder', () => {
  it('gives a new folder its record, and opens it again', async () => {
    expect(await openDataFolder({ folder, kind: 'agent', party: 'VU' })).toEqual([]);
    expect(await record()).toEqual({ kind: 'agent', party: 'VU', format: 1 });
    expect(await openDataFolder({ folder, kind: 'agent', party: 'VU' })).toEqual([]);
  });

  it('takes over a folder of before there were records, with what is in it', async () => {
    const before = await openLocalState({ folder: join(folder, 'state') });
    await before.put('a', 1);
    await before.close();
    expect(await openDataFolder({ folder, kind: 'gateway' })).toEqual(['the folder says whose it is']);
    expect(await record()).toEqual({ kind: 'gateway', format: 1 });
    const after = await openLocalState({ folder: join(folder, 'state') });
    expect((await after.get('a'))?.value).toBe(1);
    await after.close();
  });

  it('migrates step by step in order, and goes on where a step failed', async () => {
    await openDataFolder({ folder, kind: 'gateway' });
    let broken = true;
    const steps = [
      { what: 'one', run: () => Promise.reject(new Error('is done already')) },
      {
        what: 'two',
        run: async ({ state }: { state: Awaited<ReturnType<typeof openLocalState>> }) => {
          await state.put('two', 2);
        },
      },
      {
        what: 'three',
        run: async ({ state }: { state: Awaited<ReturnType<typeof openLocalState>> }) => {
          if (broken) throw new Error('no power');
          await state.put('three', (await state.get('two'))?.value ?? 'nothing');
        },
      },
    ];
    await expect(openDataFolder({ folder, kind: 'gateway', steps })).rejects.toThrow('no power');
    expect(await record()).toEqual({ kind: 'gateway', format: 2 });
    broken = false;
    expect(await openDataFolder({ folder, kind: 'gateway', steps })).toEqual(['three']);
    expect(await record()).toEqual({ kind: 'gateway', format: 3 });
    const state = await openLocalState({ folder: join(folder, 'state') });
    expect((await state.get('three'))?.value).toBe(2);
    await state.close();
    await expect(openDataFolder({ folder, kind: 'gateway' })).rejects.toMatchObject({
      code: 'storage-version',
      details: { format: 3, newest: 1 },
    });
  });

  it('refuses to migrate a folder that is open', async () => {
    const state = await openLocalState({ folder: join(folder, 'state') });
    await expect(openDataFolder({ folder, kind: 'gateway' })).rejects.toMatchObject({
      code: 'folder-in-use',
    });
    await state.close();
  });

  it.each([
    [
      { kind: 'gateway' as const },
      "is the folder of VU's agent, and cannot be opened as the gateway's folder",
    ],
    [
      { kind: 'agent' as const, party: 'UVA' },
      "is the folder of VU's agent, and cannot be opened as the folder of UVA's agent",
    ],
  ])('refuses a folder of somebody else: %j', async (owner, message) => {
    await openDataFolder({ folder, kind: 'agent', party: 'VU' });
    await expect(openDataFolder({ folder, ...owner })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a record that is damaged', async () => {
    await mkdir(folder, { recursive: true });
    for (const text of ['{', '{}', '{"kind":"agent","format":1}', '{"kind":"gateway","format":-1}']) {
      await writeFile(join(folder, 'starling.json'), text);
      await expect(openDataFolder({ folder, kind: 'gateway' })).rejects.toMatchObject({
        code: 'storage-failed',
        message: expect.stringContaining('is damaged'),
      });
    }
  });
});
