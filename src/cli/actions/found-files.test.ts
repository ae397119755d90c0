import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resultPath } from './download-results.js';
import { foundFiles } from './found-files.js';
import { defaultBatch, parametersOf } from './upload.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-found-'));
  await mkdir(join(folder, 'sub', '.hidden'), { recursive: true });
  for (const name of ['a.png', 'b.JPG', 'star*.png', 'sub/a.png', 'sub/c.txt', 'sub/.hidden/d.png', '.e.png'])
    await writeFile(join(folder, name), name);
});
afterEach(() => rm(folder, { recursive: true }));

const names = async (...paths: string[]) =>
  (await foundFiles(paths.map((path) => join(folder, path)))).map(({ name }) => name);

describe('foundFiles', () => {
  it('finds files, all below a folder that are not hidden, and what a pattern fits', async () => {
    expect(await names('')).toEqual(['a.png', 'b.JPG', 'star*.png', 'sub/a.png', 'sub/c.txt']);
    expect(await names('a.png', 'sub/c.txt')).toEqual(['a.png', 'c.txt']);
    expect(await names('*.png')).toEqual(['a.png', 'star*.png']);
    expect(await names('**/?.png')).toEqual(['a.png', 'sub/a.png']);
    expect(await names('star*.png')).toEqual(['star*.png']);
  });

  it('knows what is an image by its ending', async () => {
    const files = await foundFiles([join(folder, 'b.JPG'), join(folder, 'sub', 'c.txt')]);
    expect(files.map(({ mediaType, bytes }) => [mediaType, bytes])).toEqual([
      ['image/jpeg', 5],
      ['application/octet-stream', 9],
    ]);
  });

  it('refuses what is not there, nothing, and two of one name', async () => {
    await expect(names('z.png')).rejects.toThrow('z.png is not there');
    await expect(names('*.gif')).rejects.toThrow('There is no file in');
    await expect(names('a.png', 'sub/a.png')).rejects.toThrow('would both be called a.png');
  });
});

describe('parametersOf', () => {
  it('reads numbers and truths as such, and all else as text', () => {
    expect(parametersOf(['size=20', 'sigma=0.5', 'on=true', 'name=a=b'])).toEqual({
      size: 20,
      sigma: 0.5,
      on: true,
      name: 'a=b',
    });
    expect(() => parametersOf(['size'])).toThrow('--param takes NAME=VALUE');
  });
});

describe('defaultBatch', () => {
  it('is the same for the same work, and another for any other', () => {
    const batch = defaultBatch(['a', 'b'], 'blur', '{}');
    expect(defaultBatch(['b', resolve('a')], 'blur', '{}')).toBe(batch);
    expect(defaultBatch(['a', 'b'], 'invert', '{}')).not.toBe(batch);
    expect(defaultBatch(['a'], 'blur', '{}')).not.toBe(batch);
  });
});

describe('resultPath', () => {
  it('keeps the name, with an ending that fits', () => {
    expect(resultPath('out', 'sub/a.JPG', 'image/jpeg')).toBe(resolve('out/sub/a.JPG'));
    expect(resultPath('out', 'a.heic', 'image/png')).toBe(resolve('out/a.heic.png'));
    expect(resultPath('out', 'a.bin', 'application/octet-stream')).toBe(resolve('out/a.bin'));
  });

  it.each(['../a.png', '/etc/passwd', 'a/../../b', 'a\0b'])('never leads out of the folder: %j', (name) => {
    expect(() => resultPath('out', name, 'image/png')).toThrow('leads out of out');
  });
});
