import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { isConflict, isMissing, s3Error } from './s3-error.js';

const answered = (name: string, httpStatusCode: number) =>
  new S3ServiceException({
    ...{ name, message: `about ${name}`, $fault: 'client' },
    $metadata: { httpStatusCode },
  });

describe('what a store of S3 answers', () => {
  it.each([
    ['NoSuchBucket', 404, 'storage-failed'],
    ['InvalidAccessKeyId', 403, 'storage-refused'],
    ['AccessDenied', 403, 'storage-refused'],
    ['RequestTimeTooSkewed', 403, 'clock-skewed'],
    ['QuotaExceeded', 403, 'storage-full'],
    ['XMinioStorageFull', 507, 'storage-full'],
    ['SlowDown', 503, 'storage-unavailable'],
    ['InternalError', 500, 'storage-unavailable'],
    ['InvalidArgument', 400, 'storage-failed'],
  ])('%s is told as such', (name, status, code) => {
    expect(s3Error(answered(name, status), 'It could not be done', 'photos')).toMatchObject({
      code,
      message: expect.stringMatching(/^It could not be done: /),
      details: { bucket: 'photos' },
    });
  });

  it('may be nothing at all', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(s3Error(refused, 'It could not be done', 'photos').code).toBe('storage-unavailable');
    const every = new AggregateError([refused, new Error('connect EHOSTUNREACH')]);
    expect(s3Error(every, 'It could not be done', 'photos').message).toContain(
      'connect ECONNREFUSED; connect EHOSTUNREACH',
    );
  });

  it('tells an object that is missing from a bucket that is, and both from a condition', () => {
    expect([isMissing(answered('NoSuchKey', 404)), isMissing(answered('NoSuchBucket', 404))]).toEqual([
      true,
      false,
    ]);
    expect([
      isConflict(answered('PreconditionFailed', 412)),
      isConflict(answered('AccessDenied', 403)),
    ]).toEqual([true, false]);
  });
});
