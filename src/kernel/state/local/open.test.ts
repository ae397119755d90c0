import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock/index.js';
import { take } from '../conformance/harness.js';
import { openLocalState } from './open.js';

let root = '';
let folder = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-open-'));
  folder = join(root, 'some.state');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function expectFailure(text: string): Promise<void> {
  await expect(openLocalState({ folder })).rejects.toMatchObject({
    code: 'storage-failed',
    message: expect.stringContaining(text),
  });
  // The folder is free again after a failure.
  await expect(openLocalState({ folder })).rejects.toMatchObject({ code: 'storage-failed' });
}

async function makeStore(): Promise<void> {
  const state = await openLocalState({ folder });
  await state.put('a', 'x'.repeat(100_000));
  await state.close();
}

async function rewriteMeta(name: string, text: string): Promise<void> {
  const options = { keyEncoding: 'binary', encoding: 'string' } as const;
  const database = open<string, Uint8Array>({
    ...options,
    path: folder,
    noSubdir: false,
    overlappingSync: false,
  });
  await database.openDB<string, Uint8Array>({ ...options, name: 'meta' }).put(Buffer.from(name), text);
  await database.close();
}

describe('openLocalState', () => {
  it('refuses a second store on the folder in the same process, under any path, until the first is closed', async () => {
    const first = await openLocalState({ folder });
    const other = join(root, 'link');
    await symlink(folder, other);
    for (const path of [folder, other]) {
      await expect(openLocalState({ folder: path })).rejects.toMatchObject({
        code: 'folder-in-use',
        details: { pid: process.pid },
      });
    }
    expect(await first.put('a', 1)).toBe(1);
    await first.close();
    const second = await openLocalState({ folder: other });
    expect((await second.get('a'))?.value).toBe(1);
    await second.close();
  });

  it('refuses a folder where data.mdb is no LMDB file', async () => {
    await mkdir(folder);
    for (const content of [Buffer.alloc(20_000, 'not a database '), Buffer.from('short')]) {
      await writeFile(join(folder, 'data.mdb'), content);
      await expectFailure('damaged or of another program');
    }
  });

  it('refuses an LMDB store of another program, and leaves it as it was', async () => {
    const foreign = open<string, string>({ path: folder, noSubdir: false, overlappingSync: false });
    await foreign.put('theirs', 'value');
    await foreign.close();
    const before = await readFile(join(folder, 'data.mdb'));
    await expectFailure("other than Starling's state");
    expect(before.equals(await readFile(join(folder, 'data.mdb')))).toBe(true);
  });

  it('refuses a store whose second page is damaged', async () => {
    await makeStore();
    const file = join(folder, 'data.mdb');
    const content = await readFile(file);
    content.fill(0xff, content.readUInt32LE(48), content.readUInt32LE(48) + 64);
    await writeFile(file, content);
    await expectFailure('damaged or of another program');
  });

  it('refuses a store that was cut, instead of dying of it', async () => {
    await makeStore();
    await truncate(join(folder, 'data.mdb'), 16 * 1024);
    await expectFailure('it was cut');
  });

  it('refuses a format version that it does not know', async () => {
    await makeStore();
    await rewriteMeta('format', JSON.stringify({ format: 'starling-state', version: 2 }));
    await expect(openLocalState({ folder })).rejects.toMatchObject({
      code: 'storage-version',
      message: expect.stringContaining('in format version 2; this program reads version 1.'),
      details: { version: 2, reads: 1 },
    });
  });

  it('refuses a store of ours for something else, and damaged counters', async () => {
    await makeStore();
    await rewriteMeta('format', JSON.stringify({ format: 'starling-queue', version: 1 }));
    await expectFailure("other than Starling's state");
    await rewriteMeta('format', JSON.stringify({ format: 'starling-state', version: 1 }));
    await rewriteMeta('head', JSON.stringify({ revision: 'many' }));
    await expectFailure('counters');
  });

  it('refuses a folder that cannot be made', async () => {
    await writeFile(folder, 'a file');
    await expect(openLocalState({ folder })).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('refuses a bad number of revisions', async () => {
    for (const historyRevisions of [0, -1, 1.5, Number.NaN]) {
      await expect(openLocalState({ folder, historyRevisions })).rejects.toMatchObject({
        code: 'input-invalid',
      });
    }
  });

  it('leaves no timer when it is closed', async () => {
    const clock = new ManualClock();
    const state = await openLocalState({ folder, clock });
    await state.lease(1000);
    expect(clock.pendingTimers).toBe(1);
    await state.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the history of the local state', () => {
  it('keeps the last revisions only, in the log as well, and over a restart', async () => {
    const first = await openLocalState({ folder, historyRevisions: 10 });
    for (let value = 1; value <= 30; value += 1) await first.put('a', value);
    expect(await first.status()).toMatchObject({ revision: 30, oldestRevision: 21 });
    await expect(take(first.watch('', { fromRevision: 20 }), 1)).rejects.toMatchObject({
      code: 'history-compacted',
    });
    await first.close();
    const second = await openLocalState({ folder, historyRevisions: 10 });
    const batches = await take(second.watch('', { fromRevision: 21 }), 10);
    expect(batches.map(({ revision }) => revision)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    await second.close();
    const database = open<string, Uint8Array>({ path: folder, noSubdir: false, overlappingSync: false });
    const log = database.openDB<string, Uint8Array>({
      name: 'log',
      keyEncoding: 'binary',
      encoding: 'string',
    });
    expect(log.getStats()).toMatchObject({ entryCount: 10 });
    await database.close();
  });

  it('delivers a revision whole that is larger than a part of the log that is read at once', async () => {
    const clock = new ManualClock();
    const state = await openLocalState({ folder, clock });
    const lease = await state.lease(1000);
    const keys = Array.from({ length: 1500 }, (_, index) => `k/${String(index).padStart(4, '0')}`);
    await Promise.all(keys.map((key) => state.put(key, 'x'.repeat(1000), { lease: lease.id })));
    await state.put('between', 1);
    const watch = state.watch('k/');
    clock.advance(1000);
    const [batch] = await take(watch, 1);
    expect(batch?.revision).toBe(1502);
    expect(batch?.changes.map((change) => (change.type === 'delete' ? change.key : ''))).toEqual(keys);
    const all = await take(state.watch('', { fromRevision: 1 }), 1502);
    expect(all.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 1502 }, (_, index) => index + 1),
    );
    expect(all.at(-1)?.changes).toHaveLength(1500);
    const rare = await take(state.watch('between', { fromRevision: 1 }), 1);
    expect(rare.map(({ revision }) => revision)).toEqual([1501]);
    await state.close();
  });

  it('ends a page early where its values are large, and goes on after it', async () => {
    const state = await openLocalState({ folder });
    const keys = Array.from({ length: 12 }, (_, index) => `k${String(index).padStart(2, '0')}`);
    await Promise.all(keys.map((key) => state.put(key, 'x'.repeat(1_000_000))));
    const first = await state.list('k');
    expect(first.entries.length).toBeLessThan(12);
    const second = await state.list('k', { after: first.next ?? '' });
    expect([...first.entries, ...second.entries].map(({ key }) => key)).toEqual(keys);
    expect(second).not.toHaveProperty('next');
    await state.close();
  });
});
