import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { importFailure } from './import-failure.js';

const what = 'The file /d/t.csv could not become table "t"';

describe('importFailure', () => {
  it.each([
    [
      'IO Error: Could not write file "data.duckdb": No space left on device',
      'storage-full',
      'Free disk space',
    ],
    ['Out of Memory Error: could not allocate block', 'memory-limit', 'Give the import more memory'],
    ['Invalid Input Error: No magic bytes found', 'data-set-unavailable', 'Correct the file'],
  ])('says what to do: %s', (message, code, advice) => {
    const failure = importFailure(new Error(message), what);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(what);
    expect(failure.message).toContain(advice);
  });

  it('recognises a full disk by its system code', () => {
    expect(importFailure(Object.assign(new Error('write'), { code: 'ENOSPC' }), what).code).toBe(
      'storage-full',
    );
  });

  it('leaves out what DuckDB quotes of the data below its first line', () => {
    const failure = importFailure(
      new Error('Conversion Error: CSV Error on Line: 3\nOriginal Line: secret,1'),
      what,
    );
    expect(failure.message).not.toContain('secret');
  });

  it('leaves an error of ours as it is', () => {
    const ours = new StarlingError('input-invalid', 'x');
    expect(importFailure(ours, what)).toBe(ours);
  });
});
