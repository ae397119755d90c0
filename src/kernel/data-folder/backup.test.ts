import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalBlobs } from '../blobs/index.js';
import { openLocalQueues } from '../queue/index.js';
import { openLocalState } from '../state/index.js';
import { backUp } from './backup.js';
import { openDataFolder } from './open-data-folder.js';
import { restore } from './restore.js';

let root = '';
let folder = '';
let to = '';
const made = { version: '0.1.0', madeAt: '2026-01-31T12:00:05.000Z' };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-backup-'));
  folder = join(root, 'data');
  to = join(root, 'backup');
  for (const [path, owner] of [
    ['gateway', { kind: 'gateway' }],
    ['agents/VU', { kind: 'agent', party: 'VU' }],
  ] as const) {
    await openDataFolder({ folder: join(folder, path), ...owner });
    await mkdir(join(folder, path, 'keys'));
    await writeFile(join(folder, path, 'keys', 'own.key'), `key of ${path}`, { mode: 0o600 });
    const state = await openLocalState({ folder: join(folder, path, 'state') });
    await state.put('whose', path);
    await state.close();
  }
  await mkdir(join(folder, 'gateway', 'answers'));
  await writeFile(join(folder, 'gateway', 'answers', 'a.arrow'), 'an answer');
  await mkdir(join(folder, 'agents', 'VU', 'data'));
  await writeFile(join(folder, 'agents', 'VU', 'data', 'rows'), 'rows of persons');
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('a backup', () => {
  it('gives keys, records and state back, and leaves out answers and imports', async () => {
    const manifest = await backUp({ folder, to, ...made });
    expect(manifest.folders).toEqual([
      { path: 'agents/VU', kind: 'agent', party: 'VU' },
      { path: 'gateway', kind: 'gateway' },
    ]);
    const files = ['keys/own.key', 'starling.json', 'state/data.mdb'];
    const all = ['agents/VU', 'gateway'].flatMap((path) => files.map((file) => `${path}/${file}`));
    expect(manifest.files.map(({ path }) => path)).toEqual(all);
    await rm(folder, { recursive: true });
    await restore(to, folder);
    for (const path of ['gateway', 'agents/VU']) {
      const key = join(folder, path, 'keys', 'own.key');
      expect(await readFile(key, 'utf8')).toBe(`key of ${path}`);
      expect((await stat(key)).mode & 0o777).toBe(0o600);
      const state = await openLocalState({ folder: join(folder, path, 'state') });
      expect((await state.get('whose'))?.value).toBe(path);
      await state.close();
    }
    expect(await readdir(join(folder, 'gateway'))).not.toContain('answers');
    expect((await readdir(root)).sort()).toEqual(['backup', 'data']);
  });

  it('gives queues and blobs back, and nothing that was only begun', async () => {
    const gateway = join(folder, 'gateway');
    const queues = await openLocalQueues({ folder: join(gateway, 'queue') });
    await (await queues.open('work')).publish(Buffer.from('to do'));
    await queues.close();
    const blobs = await openLocalBlobs({ folder: join(gateway, 'blobs') });
    async function* bytes() {
      yield Buffer.from('a photo');
    }
    const { hash } = await blobs.write(bytes(), { owner: 'somebody' });
    await blobs.close();
    await writeFile(join(gateway, 'blobs', 'incoming', 'half'), 'a pho');
    await backUp({ folder, to, ...made });
    expect(existsSync(join(to, 'files', 'gateway', 'blobs', 'incoming'))).toBe(false);
    await restore(to, join(root, 'again'));
    const again = join(root, 'again', 'gateway');
    const theirQueues = await openLocalQueues({ folder: join(again, 'queue') });
    const [message] = await (await theirQueues.open('work')).take({ max: 2, leaseMs: 1_000 });
    expect(String(message?.body)).toBe('to do');
    await theirQueues.close();
    const theirBlobs = await openLocalBlobs({ folder: join(again, 'blobs') });
    expect(await theirBlobs.owners(hash)).toEqual(['somebody']);
    expect(await text(await theirBlobs.read(hash))).toBe('a photo');
    await theirBlobs.close();
  });

  it('is of one folder where that is named, and closed to others', async () => {
    const { folders } = await backUp({ folder: join(folder, 'gateway'), to, ...made });
    expect(folders).toEqual([{ path: '.', kind: 'gateway' }]);
    expect((await stat(join(to, 'files'))).mode & 0o777).toBe(0o700);
    await restore(to, join(root, 'again'));
    expect(await openDataFolder({ folder: join(root, 'again'), kind: 'gateway' })).toEqual([]);
  });

  it('is refused of a folder without data, and where something is there already', async () => {
    await mkdir(join(root, 'empty'));
    await expect(backUp({ folder: join(root, 'empty'), to, ...made })).rejects.toMatchObject({
      code: 'backup-invalid',
      message: expect.stringContaining('is not the folder of a gateway or an agent'),
    });
    await mkdir(to);
    await expect(backUp({ folder, to, ...made })).rejects.toMatchObject({
      code: 'backup-invalid',
      message: expect.stringContaining('is there already'),
    });
    expect((await readdir(root)).sort()).toEqual(['backup', 'data', 'empty']);
  });

  it('is not restored into a folder that has something', async () => {
    await backUp({ folder, to, ...made });
    await expect(restore(to, folder)).rejects.toMatchObject({ code: 'backup-invalid' });
    await mkdir(join(root, 'empty'));
    expect((await restore(to, join(root, 'empty'))).files).toHaveLength(6);
  });

  it('is not restored where a file was changed, cut, removed or added, and every one is named', async () => {
    await backUp({ folder, to, ...made });
    const file = (path: string) => join(to, 'files', path);
    await writeFile(file('gateway/keys/own.key'), 'key of mallory');
    await writeFile(file('gateway/starling.json'), '');
    await rm(file('agents/VU/keys/own.key'));
    await writeFile(file('agents/VU/other'), 'added');
    await expect(restore(to, join(root, 'again'))).rejects.toMatchObject({
      code: 'backup-invalid',
      details: {
        faults: [
          'agents/VU/keys/own.key is missing',
          expect.stringContaining('gateway/keys/own.key is not what was backed up'),
          expect.stringContaining('gateway/starling.json has 0 bytes instead of '),
          'agents/VU/other is not in the manifest',
        ],
      },
    });
    expect((await readdir(root)).sort()).toEqual(['backup', 'data']);
  });

  it.each(['../outside', '/etc/passwd', 'a//b', 'a/./b', 'a\\b', ''])(
    'is not restored where a path leads out of it: %j',
    async (path) => {
      const manifest = await backUp({ folder, to, ...made });
      const [first] = manifest.files;
      const text = JSON.stringify({ ...manifest, files: [{ ...first, path }] });
      await writeFile(join(to, 'manifest.json'), text);
      await expect(restore(to, join(root, 'again'))).rejects.toMatchObject({ code: 'backup-invalid' });
    },
  );
});
