import { EventEmitter, once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { StarlingError } from '../../src/kernel/errors/index.js';
import { openLocalState, type State } from '../../src/kernel/state/index.js';
import { fillDisk, whyNoSmallDisk, withSmallDisk } from './small-disk.js';

const problem = await whyNoSmallDisk('the state');

/** Writes until the disk is full, and gives the keys that were acknowledged. */
async function fill(state: State): Promise<string[]> {
  const keys: string[] = [];
  for (;;) {
    const key = `k/${String(keys.length).padStart(4, '0')}`;
    try {
      await state.put(key, 'x'.repeat(50_000));
      keys.push(key);
    } catch (thrown) {
      if (!(thrown instanceof StarlingError)) throw thrown;
      expect(thrown.code).toBe('storage-full');
      expect(thrown.message).toContain('Free disk space');
      return keys;
    }
  }
}

async function keysOf(state: State): Promise<string[]> {
  return (await state.list('')).entries.map(({ key }) => key);
}

describe.skipIf(problem !== undefined)('the local state on a full disk', () => {
  it('refuses writes with storage-full, keeps and reads what it has, and goes on once there is space', async () => {
    await withSmallDisk(async (disk) => {
      const ballast = join(disk, 'ballast');
      await writeFile(ballast, Buffer.alloc(512 * 1024));
      const folder = join(disk, 'state');
      const state = await openLocalState({ folder });
      const keys = await fill(state);
      expect(keys.length).toBeGreaterThan(2);
      expect(await keysOf(state)).toEqual(keys);
      expect((await state.status()).revision).toBe(keys.length);

      await rm(ballast);
      expect(await state.put('after', 1)).toBe(keys.length + 1);
      await state.close();
      const again = await openLocalState({ folder });
      expect(await keysOf(again)).toEqual(['after', ...keys]);
      await again.close();
    });
  });

  it('refuses the writes of many at once, and each reader still gets an answer', async () => {
    await withSmallDisk(async (disk) => {
      const state = await openLocalState({ folder: join(disk, 'state') });
      const keys = await fill(state);
      const writes = Array.from({ length: 20 }, (_, index) =>
        state.put(`many/${index}`, 'x'.repeat(100_000)),
      );
      const reads = Array.from({ length: 20 }, () => state.get(keys[0] ?? ''));
      const results = await Promise.allSettled(writes);
      const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'written'));
      expect(new Set(codes)).toEqual(new Set(['storage-full']));
      for (const entry of await Promise.all(reads)) expect(entry?.modRevision).toBe(1);
      expect(await keysOf(state)).toEqual(keys);
      await state.close();
    });
  });

  it('is opened again, read and closed while the disk is full to its last byte', async () => {
    await withSmallDisk(async (disk) => {
      const folder = join(disk, 'state');
      const state = await openLocalState({ folder });
      await state.put('kept', 1);
      await fillDisk(join(disk, 'ballast'));
      await state.close();
      for (let round = 0; round < 20; round += 1) {
        const again = await openLocalState({ folder });
        expect(await keysOf(again)).toEqual(['kept']);
        await again.close();
      }
    });
  });

  it('does not make a new store where there is no space for one', async () => {
    await withSmallDisk(async (disk) => {
      await writeFile(join(disk, 'ballast'), Buffer.alloc(1_900_000));
      await expect(openLocalState({ folder: join(disk, 'state') })).rejects.toMatchObject({
        code: 'storage-full',
      });
    });
  });

  it('reports that a lapsed lease could not be ended, and deletes its keys once there is space', async () => {
    await withSmallDisk(async (disk) => {
      const clock = new ManualClock();
      const reports = new EventEmitter();
      const logger = { error: (_: object, message: string) => void reports.emit('report', message) };
      const ballast = join(disk, 'ballast');
      await writeFile(ballast, Buffer.alloc(4 * 1024 * 1024));
      const state = await openLocalState({ folder: join(disk, 'state'), clock, logger });
      const lease = await state.lease(1000);
      // So many keys that their deletion needs more space than the small writes below leave.
      const leased = Array.from({ length: 400 }, (_, index) => `leased/${index}`);
      await Promise.all(leased.map((key) => state.put(key, 'x'.repeat(200), { lease: lease.id })));
      await fill(state);
      expect(await writeUntilFull(state)).toBe('storage-full');
      const report = once(reports, 'report');
      clock.advance(1000);
      expect(await report).toEqual(['the keys of a lapsed lease could not be deleted, trying again']);
      expect((await state.list('leased')).entries).toHaveLength(400);
      await expect(lease.keepAlive()).rejects.toMatchObject({ code: 'lease-lapsed' });
      const next = state.watch('leased')[Symbol.asyncIterator]().next();
      await rm(ballast);
      clock.advance(1000);
      expect((await next).value?.changes).toHaveLength(400);
      expect((await state.list('leased')).entries).toEqual([]);
      await state.close();
    }, 6);
  });
});

async function writeUntilFull(state: State): Promise<string> {
  for (let index = 0; ; index += 1) {
    try {
      await state.put(`small/${index}`, 'x'.repeat(500));
    } catch (thrown) {
      return thrown instanceof StarlingError ? thrown.code : String(thrown);
    }
  }
}
