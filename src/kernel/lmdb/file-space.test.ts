import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { describe, expect, it } from 'vitest';
import { FileSpace, pagesOf } from './file-space.js';
import { fileUse, type Root, textTable } from './format.js';

async function withStore(use: (root: Root, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-lmdb-'));
  const root = open<string, Uint8Array>({
    path: folder,
    noSubdir: false,
    overlappingSync: false,
    noSync: true,
  });
  try {
    await use(root, folder);
  } finally {
    await root.close();
    await rm(folder, { recursive: true });
  }
}

const key = fc.integer({ min: 0, max: 500 });
const value = fc.oneof(fc.integer({ max: 300, min: 0 }), fc.integer({ max: 20_000, min: 0 }));
const step = fc.record({ table: fc.constantFrom('a', 'b', 'c'), key, value: fc.option(value) });
const commits = fc.array(fc.array(step, { maxLength: 120, size: 'max' }), { maxLength: 20, size: 'max' });

describe('the space in the file of a store', () => {
  it('is asked for by what a commit takes at most', async () => {
    await fc.assert(
      fc.asyncProperty(commits, (groups) =>
        withStore(async (root) => {
          for (const steps of groups) {
            const before = fileUse(root);
            const bytes = steps.reduce((sum, { value }) => sum + (value === null ? 0 : value + 1), 0);
            root.transactionSync(() => {
              for (const { table, key, value } of steps) {
                const name = Buffer.from(`key ${key}`);
                if (value === null) textTable(root, table).removeSync(name);
                else textTable(root, table).putSync(name, 'x'.repeat(value));
              }
            });
            const grown = fileUse(root).pages - before.pages;
            expect(grown).toBeLessThanOrEqual(pagesOf({ steps: steps.length, bytes }, before));
          }
        }),
      ),
      { numRuns: 30 },
    );
  });

  it('is taken from the disk before the commit, twice, and not again while it lasts', async () => {
    await withStore(async (root, folder) => {
      const space = await FileSpace.open(root, folder);
      const size = { steps: 1, bytes: 100_000 };
      const use = fileUse(root);
      await space.reserve(size);
      const first = await stat(join(folder, 'data.mdb'));
      expect(first.size).toBe((use.pages + 2 * pagesOf(size, use)) * use.pageBytes);
      expect(first.blocks * 512).toBeGreaterThanOrEqual(first.size);
      await textTable(root, 'a').put(Buffer.from('a'), 'x'.repeat(100_000));
      await space.reserve(size);
      expect((await stat(join(folder, 'data.mdb'))).size).toBe(first.size);
      await space.close();
    });
  });
});
