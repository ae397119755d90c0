import { describe, expect, it } from 'vitest';
import { leaseReader } from './lease.js';

const read = leaseReader('q-work', 'workers');
const storedAt = 1_795_284_909_730;

describe('the token of a lease', () => {
  it('is the subject of the server, in its older and its newer form', () => {
    const older = '$JS.ACK.q-work.workers.2.17.40.1795284909730235744.0';
    expect(read(older)).toEqual({ token: older, place: 17, delivery: 2, storedAt });
    for (const newer of [
      '$JS.ACK._.AB12.q-work.workers.2.17.40.1795284909730235744.0',
      '$JS.ACK.hub.AB12.q-work.workers.2.17.40.1795284909730235744.0.r4nd',
    ])
      expect(read(newer)).toEqual({ token: newer, place: 17, delivery: 2, storedAt });
  });

  it.each([
    'no-lease',
    '',
    '$JS.ACK.q-other.workers.2.17.40.1795284909730235744.0',
    '$JS.ACK.q-work.others.2.17.40.1795284909730235744.0',
    '$JS.ACK.q-work.workers.*.17.40.1795284909730235744.0',
    '$JS.ACK.q-work.workers.2.17.40.1795284909730235744.>',
    '$JS.ACK.q-work.workers.2.17.40.1795284909730235744.0 x',
    '$JS.API.q-work.workers.2.17.40.1795284909730235744.0',
    '$JS.ACK.q-work.workers.2.x.40.1795284909730235744.0',
  ])('is none of this queue: %s', (token) => {
    expect(read(token)).toBeUndefined();
  });
});
