import { describe, expect, it } from 'vitest';
import { StarlingError } from '../kernel/errors/index.js';
import { retryAfterSeconds, toStarlingError } from './fastify-errors.js';

const fault = (code: string, statusCode: number) => Object.assign(new Error('x'), { code, statusCode });

describe('toStarlingError', () => {
  it.each([
    [fault('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'input-too-large', 413],
    [fault('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'media-type-unsupported', 415],
    [fault('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 'input-invalid', 400],
    [fault('FST_ERR_BAD_URL', 400), 'input-invalid', 400],
    [fault('FST_ERR_MAX_PARAM_LENGTH', 414), 'input-invalid', 400],
    [fault('ENOENT', 404), 'not-found', 404],
    [fault('UNKNOWN', 418), 'input-invalid', 400],
    [fault('toString', 500), 'internal', 500],
    [new TypeError('x'), 'internal', 500],
    ['text', 'internal', 500],
  ])('%s is %s', (thrown, code, status) => {
    const error = toStarlingError(thrown, 100);
    expect([error.code, error.status]).toEqual([code, status]);
  });

  it('names the limit of a body', () => {
    expect(toStarlingError(fault('FST_ERR_CTP_BODY_TOO_LARGE', 413), 100).details).toEqual({ limit: 100 });
  });

  it('leaves our own errors as they are', () => {
    const error = new StarlingError('job-ended', 'It has ended.');
    expect(toStarlingError(error, 100)).toBe(error);
  });
});

describe('retryAfterSeconds', () => {
  it('is what the error tells, in whole seconds, and 1 where it tells nothing', () => {
    const exhausted = (retry?: unknown) =>
      new StarlingError('pool-exhausted', 'Taken.', { details: { retryAfterSeconds: retry } });
    expect([exhausted(2.5), exhausted(), exhausted('x')].map(retryAfterSeconds)).toEqual([3, 1, 1]);
  });

  it('is nothing for other errors', () => {
    expect(retryAfterSeconds(new StarlingError('not-found', 'No.'))).toBeUndefined();
  });
});
