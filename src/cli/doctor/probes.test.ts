import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../kernel/lmdb/index.js';
import { folderState, freeBytes, nearestFolder, portIsFree, tryLibrary } from './probes.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-probes-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('folderState', () => {
  it('tells a folder that is not there, free, in use, or no folder', async () => {
    expect(await folderState(join(folder, 'a', 'b'))).toBe('absent');
    expect(await folderState(folder)).toBe('free');
    expect(await readdir(folder)).toEqual([]);

    const store = join(folder, 'gateway', 'state');
    await mkdir(store, { recursive: true });
    const lock = await lockFolder(store);
    expect(await folderState(folder)).toBe('in use');
    await lock.release();
    expect(await folderState(folder)).toBe('free');

    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await folderState(file)).toEqual({ unusable: `${file} is not a folder.` });
    expect(await folderState(join(file, 'deeper'))).toEqual({ unusable: `${file} is not a folder.` });
  });
});

it('portIsFree tells a port that is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await portIsFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await portIsFree(port)).toBe(true);
});

it('freeBytes looks at the nearest folder that is there', async () => {
  expect(nearestFolder(join(folder, 'a', 'b'))).toBe(folder);
  expect(await freeBytes(join(folder, 'a', 'b'))).toBeGreaterThan(0);
});

it.each(['DuckDB', 'LMDB'] as const)('tryLibrary finds that %s works here', async (library) => {
  expect(await tryLibrary(library)).toBeUndefined();
});
