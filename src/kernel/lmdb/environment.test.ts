import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../errors/expect-error.js';
import { Environment } from './environment.js';
import { type Root, type StoreFormat, textTable } from './format.js';

const format: StoreFormat = { of: 'things', name: 'starling-things', version: 3, table: 'about' };
const key = Buffer.from('a');

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-lmdb-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Opens a store with one table, which has a first value from the beginning. */
function openThings(changed: Partial<StoreFormat> = {}) {
  return Environment.open({
    folder,
    format: { ...format, ...changed },
    openTables: (root: Root, isNew: boolean) => {
      const things = textTable(root, 'things');
      if (isNew) things.putSync(key, 'first');
      return { things };
    },
  });
}

async function makeThings(): Promise<void> {
  await (await openThings()).close();
}

const dataFile = () => readFile(join(folder, 'data.mdb'));

describe('an environment', () => {
  it('has from the beginning what is put then, and only then', async () => {
    const first = await openThings();
    expect(first.tables.things.get(key)).toBe('first');
    await first.write([() => first.tables.things.put(key, 'second')], 6);
    await first.close();
    const second = await openThings();
    expect(second.tables.things.get(key)).toBe('second');
    await second.close();
  });

  it('is not written to by opening it again', async () => {
    await makeThings();
    const before = await dataFile();
    await makeThings();
    expect(before.equals(await dataFile())).toBe(true);
  });

  it('is not made in part: where its tables cannot be opened, it is new the next time', async () => {
    const failing = Environment.open({
      folder,
      format,
      openTables: (root: Root) => {
        textTable(root, 'things').putSync(key, 'half');
        throw new Error('the other half is missing');
      },
    });
    expect((await expectError(failing, 'storage-failed')).message).toContain('the other half is missing');
    const things = await openThings();
    expect(things.tables.things.get(key)).toBe('first');
    await things.close();
  });

  it('says whose it is: another version and another store are refused, and left as they are', async () => {
    await makeThings();
    const before = await dataFile();
    const newer = await expectError(openThings({ version: 4 }), 'storage-version');
    expect(newer.message).toContain(
      "has Starling's things in format version 3; this program reads version 4.",
    );
    expect(newer.details).toMatchObject({ folder, version: 3, reads: 4 });
    for (const other of [{ name: 'starling-others' }, { table: 'others' }]) {
      const { message } = await expectError(openThings(other), 'storage-failed');
      expect(message).toContain("something other than Starling's things");
    }
    expect(before.equals(await dataFile())).toBe(true);
  });

  it('refuses tables that say nothing of themselves', async () => {
    const foreign = open<string, Uint8Array>({ path: folder, noSubdir: false, overlappingSync: false });
    await textTable(foreign, 'about').put(key, 'theirs');
    await foreign.close();
    await expectError(openThings(), 'storage-failed');
  });
});
