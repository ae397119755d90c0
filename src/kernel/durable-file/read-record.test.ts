import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectError } from '../errors/expect-error.js';
import { readFileIfThere, readRecord } from './read-record.js';

const schema = z.strictObject({ name: z.string() });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-record-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a record in a file', () => {
  it('is what the file holds', async () => {
    const file = join(folder, 'record.json');
    writeFileSync(file, '{"name":"VU"}\n');
    expect(await readRecord(file, schema)).toEqual({ name: 'VU' });
    expect(await readFileIfThere(file)).toBe('{"name":"VU"}\n');
  });

  it('is none where there is no file, or no folder of it', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const file of ['absent.json', 'absent/record.json', 'file/record.json'])
      expect(await readRecord(join(folder, file), schema)).toBeUndefined();
  });

  it.each(['{"name":', '{"name":1}', '{"name":"VU","other":1}', ''])(
    'is refused where the file is damaged: %s',
    async (text) => {
      const file = join(folder, 'record.json');
      writeFileSync(file, text);
      const error = await expectError(readRecord(file, schema, 'Enrol again.'), 'storage-failed');
      expect(error.message).toBe(`${file} is damaged, or of another version of Starling. Enrol again.`);
      expect(error.details).toEqual({ file });
    },
  );

  it('is refused where the file cannot be read', async () => {
    const error = await expectError(readRecord(folder, schema), 'storage-failed');
    expect(error.message).toContain(`${folder} cannot be read`);
    await expect(readFileIfThere(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
