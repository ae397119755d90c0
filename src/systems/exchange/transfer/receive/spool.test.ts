import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Spool } from './spool.js';

const parent = mkdtempSync(join(tmpdir(), 'starling-spool-'));
const missing = mounted();
if (missing !== undefined) console.log(`A full disk is not tested: ${missing}`);

/** Puts a disk of one megabyte at `parent`; why that cannot be, where it cannot. */
function mounted(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs Linux and root';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', parent], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

let spool: Spool;
beforeAll(async () => {
  spool = await Spool.open(join(parent, 'received'), 100_000_000);
});
afterAll(() => {
  if (missing === undefined) execFileSync('umount', [parent]);
  rmSync(parent, { recursive: true, force: true });
});

it.skipIf(missing !== undefined)(
  'refuses rows where the disk is full, and gives their room back',
  async () => {
    const { signal } = new AbortController();
    const rows = (kilobytes: number) =>
      Readable.from(Array.from({ length: kilobytes }, () => Buffer.alloc(1_024)));
    await expect(spool.write(rows(4_096), signal)).rejects.toMatchObject({ code: 'storage-full' });
    expect([readdirSync(join(parent, 'received')), spool.usedBytes]).toEqual([[], 0]);
    expect(await spool.write(rows(512), signal)).toMatchObject({ bytes: 512 * 1_024 });
  },
);
