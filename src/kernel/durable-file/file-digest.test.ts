import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileDigest } from './file-digest.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-digest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('is of all bytes, however many there are', async () => {
  await writeFile(join(folder, 'abc'), 'abc');
  // FIPS 180-2, appendix B.1 and B.3
  expect(await fileDigest(join(folder, 'abc'))).toEqual({
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    bytes: 3,
  });
  await writeFile(join(folder, 'long'), 'a'.repeat(1_000_000));
  expect(await fileDigest(join(folder, 'long'))).toEqual({
    sha256: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    bytes: 1_000_000,
  });
});

it('tells why a file cannot be read', async () => {
  await expect(fileDigest(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
