import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes, isErrorCode } from './codes.js';
import { expectError } from './expect-error.js';
import { isSystemError, StarlingError } from './starling-error.js';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

/** Each code's part of the page: its first line, and the text after it. */
const documented = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [code = '', first = '', ...text] = part.split(/\n\n|\n(?=## )/).map((piece) => piece.trim());
      return [code, { first, text: text.join('\n') }];
    }),
);

describe('docs/errors.md', () => {
  it('documents every code, and no other', () => {
    const codes = Object.keys(errorCodes);
    const missing = codes.filter((code) => !documented.has(code));
    const surplus = [...documented.keys()].filter((code) => !isErrorCode(code));
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
    expect(documented.size).toBe(codes.length);
  });

  it.each(Object.entries(errorCodes))('tells statuses and meaning of %s, and what to do', (code, entry) => {
    const part = documented.get(code);
    expect(part?.first).toBe(`HTTP ${entry.status}, exit ${entry.exit}. ${entry.title}.`);
    expect(part?.text).toMatch(/^Do: /m);
  });
});

describe('the set of codes', () => {
  it('uses the statuses of a client error where the input is at fault, and of a server error where we are', () => {
    for (const [code, { status, exit }] of Object.entries(errorCodes)) {
      if (exit === 2 || exit === 3) expect([code, status >= 400 && status < 500]).toEqual([code, true]);
      if (exit === 1) expect([code, status >= 500]).toEqual([code, true]);
    }
  });

  it('knows its own names, and not those that every object has', () => {
    expect(isErrorCode('not-found')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });
});

describe('StarlingError', () => {
  it('carries the statuses of its code', () => {
    const error = new StarlingError('request-refused', 'VU does not allow it.');
    expect([error.status, error.exitStatus]).toEqual([403, 3]);
  });

  it('crosses a border as plain data, without its cause', () => {
    const error = new StarlingError('not-found', 'No job j1.', {
      details: { job: 'j1' },
      cause: new Error('x'),
    });
    const record = JSON.parse(JSON.stringify(error.toRecord()));
    expect(record).toEqual({ code: 'not-found', message: 'No job j1.', details: { job: 'j1' } });
    const rebuilt = StarlingError.fromRecord(record);
    expect(rebuilt).toBeInstanceOf(StarlingError);
    expect(rebuilt.toRecord()).toEqual(record);
    expect(rebuilt.cause).toBeUndefined();
    expect(new StarlingError('internal', 'No.').toRecord()).toEqual({ code: 'internal', message: 'No.' });
  });

  it('becomes internal where its code came from elsewhere', () => {
    for (const code of ['made-up', 'constructor']) {
      expect(StarlingError.fromRecord({ code, message: 'No.' }).code).toBe('internal');
    }
  });

  describe('from', () => {
    it('gives back an error of ours as it is', () => {
      const error = new StarlingError('not-found', 'No job j1.');
      expect(StarlingError.from(error, 'run-failed', 'Running')).toBe(error);
    });

    it('wraps any other thrown value, with the code and subject that are given', () => {
      const cause = new TypeError('x is not a function');
      const error = StarlingError.from(cause, 'run-failed', 'Step sum');
      expect(error).toMatchObject({ code: 'run-failed', message: 'Step sum: x is not a function', cause });
      expect(StarlingError.from('text')).toMatchObject({ code: 'internal', message: 'text' });
      expect(StarlingError.from(undefined)).toMatchObject({ code: 'internal', message: 'undefined' });
    });

    it.each(['ENOSPC', 'EDQUOT'])('knows a full disk by %s, whatever the code that is given', (code) => {
      const cause = Object.assign(new Error('write failed'), { code });
      expect(StarlingError.from(cause, 'run-failed', 'Writing data.mdb')).toMatchObject({
        code: 'storage-full',
        message: 'Writing data.mdb: write failed. Free disk space and try again.',
        cause,
      });
    });
  });
});

describe('isSystemError', () => {
  it('compares the code of an error of the operating system', () => {
    const absent = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    expect(isSystemError(absent, 'ENOENT')).toBe(true);
    expect(isSystemError(absent, 'EACCES')).toBe(false);
    expect(isSystemError({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
  });
});

describe('expectError', () => {
  const error = new StarlingError('not-found', 'No job j1.');

  it('gives the error with the code that is expected', async () => {
    expect(await expectError(Promise.reject(error), 'not-found')).toBe(error);
  });

  it('fails for another code, for an error that is not ours, and where nothing is thrown', async () => {
    await expect(expectError(Promise.reject(error), 'queue-full')).rejects.toThrow(
      'expected queue-full, got not-found',
    );
    await expect(expectError(Promise.reject(new TypeError('x')), 'not-found')).rejects.toThrow(
      'expected not-found, got another error: TypeError: x',
    );
    await expect(expectError(Promise.resolve(1), 'not-found')).rejects.toThrow('resolved with 1');
  });
});
