import { describe, expect, it } from 'vitest';
import { readFailure, toStarlingError } from './failure.js';

const failed = (code: number, message: string) =>
  readFailure(Object.assign(new Error(`${code} ${message}`), { code }));

describe('readFailure', () => {
  it('reads what etcd and gRPC say, and whether it may have been done', () => {
    const said = [
      [14, 'No connection established. Last error: connect ECONNREFUSED', 'away', false],
      [14, 'etcdserver: no leader', 'away', false],
      [14, 'etcdserver: request timed out, possibly due to previous leader failure', 'away', true],
      [14, 'Connection dropped', 'away', true],
      [4, 'Deadline exceeded', 'away', true],
      [8, 'etcdserver: too many requests', 'away', false],
      [8, 'etcdserver: mvcc: database space exceeded', 'full', true],
      [16, 'etcdserver: invalid auth token', 'token', false],
      [3, 'etcdserver: revision of auth store is old', 'token', false],
      [3, 'etcdserver: authentication failed, invalid user ID or password', 'refused', false],
      [7, 'etcdserver: permission denied', 'refused', false],
      [5, 'etcdserver: requested lease not found', 'lease-gone', false],
      [9, 'etcdserver: lease already exists', 'lease-exists', false],
      [11, 'etcdserver: mvcc: required revision has been compacted', 'compacted', false],
      [3, 'etcdserver: request is too large', 'too-large', false],
      [15, 'etcdserver: corrupt cluster', 'other', false],
    ] as const;
    const read = said.map(([code, message]) => failed(code, message));
    expect(read.map(({ kind, mayBeDone }) => [kind, mayBeDone])).toEqual(
      said.map(([, , kind, mayBeDone]) => [kind, mayBeDone]),
    );
  });
});

describe('toStarlingError', () => {
  it('names the servers and the outcome', () => {
    const error = toStarlingError(failed(4, 'Deadline exceeded'), {
      endpoints: ['a:1', 'b:2'],
      mayBeDone: true,
    });
    expect(error.code).toBe('storage-unavailable');
    expect(error.message).toContain('etcd at a:1, b:2');
    expect(error.details).toEqual({ endpoints: ['a:1', 'b:2'], outcome: 'unknown' });
  });

  it.each([
    [
      'UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:9999. Resolution note: ',
      'etcd at a:1 did not answer: connect ECONNREFUSED 127.0.0.1:9999. It was not done',
    ],
    [
      'UNAVAILABLE: No connection established. Last error: Failed to connect (2026-01-31T12:00:00.000Z). Resolution note: ',
      'as where one side speaks TLS and the other does not. It was not done',
    ],
    ['UNAVAILABLE: Connection dropped', 'did not answer: Connection dropped. It was not done'],
  ])('says of %s what a reader needs', (said, told) => {
    const error = toStarlingError(failed(14, said), { endpoints: ['a:1'], mayBeDone: false });
    expect(error.message).toContain(told);
  });
});
