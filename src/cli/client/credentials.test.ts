import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from './credentials.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-credentials-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('credentials', () => {
  it('come from options before the environment, and from files', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'of.a.file\n');
    const env = { STARLING_TOKEN: 'of.the.environment', STARLING_CA: file };
    expect(credentialsOf({}, {})).toEqual({});
    expect(credentialsOf({}, { STARLING_TOKEN: '', STARLING_CA: '' })).toEqual({});
    expect(credentialsOf({}, env)).toEqual({ token: 'of.the.environment', authorities: 'of.a.file\n' });
    expect(credentialsOf({ token: 'of.an.option', ca: undefined }, env).token).toBe('of.an.option');
    expect(credentialsOf({ token: `@${file}` }, {})).toEqual({ token: 'of.a.file' });
  });

  it('are refused where a file is missing, or a token has what would end a header', () => {
    expect(() => credentialsOf({ ca: join(folder, 'none') }, {})).toThrow('that --ca names cannot be read');
    expect(() => credentialsOf({ token: '@none' }, {})).toThrow('that --token names cannot be read');
    for (const token of ['', 'two words', 'a\r\nx: y', 'é']) {
      expect(() => credentialsOf({ token }, {})).toThrow('The token is not one: it is a single word.');
    }
  });
});
