import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnswerFiles } from './answer-files.js';

let root: string;
let folder: string;
let files: AnswerFiles;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'starling-answers-'));
  folder = join(root, 'answers');
  files = new AnswerFiles(folder);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const bytes = (content: string) => Readable.from([Buffer.from(content)]);

describe('released rows', () => {
  it('are written as they come, and read back', async () => {
    const parts = ['one ', 'two ', 'three'].map((part) => Buffer.from(part));
    expect(await files.write('r-1', 'VU', Readable.from(parts))).toBe(13);
    await files.write('r-1', 'UVA', bytes('others'));
    expect(await text(await files.open('r-1', 'VU'))).toBe('one two three');
    expect(await text(await files.open('r-1', 'UVA'))).toBe('others');
    expect(statSync(join(folder, 'r-1', 'VU.arrow')).mode & 0o007).toBe(0);
  });

  it('are written once: a second answer never takes the place of the first', async () => {
    await files.write('r-1', 'VU', bytes('first'));
    await expect(files.write('r-1', 'VU', bytes('second'))).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await text(await files.open('r-1', 'VU'))).toBe('first');
  });

  it('that break off are told with their cause', async () => {
    const breaking = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('the run died');
      })(),
    );
    await expect(files.write('r-1', 'VU', breaking)).rejects.toMatchObject({
      code: 'storage-failed',
      message: 'The answer cannot be kept: the run died',
    });
  });

  it('are removed with their request, and those of others are kept', async () => {
    await files.write('r-1', 'VU', bytes('one'));
    await files.write('r-2', 'VU', bytes('two'));
    await files.remove('r-1');
    expect(existsSync(join(folder, 'r-1'))).toBe(false);
    await expect(files.open('r-1', 'VU')).rejects.toMatchObject({
      code: 'result-gone',
      message: 'The rows of request r-1 are no longer kept. Ask again.',
    });
    expect(await text(await files.open('r-2', 'VU'))).toBe('two');
    await files.remove('r-1');
  });

  it('that cannot be read, or kept, are told as a failure of the storage', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'r-1'), 'a file in the place of a folder');
    await expect(files.open('r-1', 'VU')).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(files.write('r-1', 'VU', bytes('one'))).rejects.toMatchObject({ code: 'storage-failed' });
  });
});

/** Mounts a disk of 1 MiB; returns why it cannot. */
function mountSmallDisk(on: string): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux';
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', on], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : String(error?.message ?? stderr).trim();
}

function unmount(disk: string): void {
  const { status, stderr } = spawnSync('umount', ['-l', disk], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The disk of the test was not unmounted: ${stderr}`);
}

describe('a full disk', () => {
  it('is told as such, and room comes back when the request is removed', async (context) => {
    const disk = join(root, 'disk');
    mkdirSync(disk);
    const problem = mountSmallDisk(disk);
    if (problem !== undefined) {
      console.warn(`skipped: a full disk, because none can be mounted (${problem})`);
      context.skip(problem);
    }
    try {
      const small = new AnswerFiles(join(disk, 'answers'));
      const parts = Array.from({ length: 32 }, () => Buffer.alloc(64 * 1024));
      await expect(small.write('r-1', 'VU', Readable.from(parts))).rejects.toMatchObject({
        code: 'storage-full',
        message: expect.stringContaining('Free disk space and try again.'),
      });
      await small.remove('r-1');
      expect(await small.write('r-2', 'VU', bytes('small enough'))).toBe(12);
    } finally {
      unmount(disk);
    }
  });
});
