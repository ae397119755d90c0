import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRequestId, requestId } from './request-id.js';

const time = fc.integer({ min: 0, max: Date.UTC(2240, 0) });
const random = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16).padStart(4, '0'));

describe('the id of a request', () => {
  it('sorts before those of all earlier requests, as text and as bytes', () => {
    fc.assert(
      fc.property(time, time, random, random, (one, other, left, right) => {
        fc.pre(one !== other);
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const [older, newer] = [requestId(earlier, left), requestId(later, right)];
        expect(newer < older).toBe(true);
        expect(Buffer.compare(Buffer.from(newer), Buffer.from(older))).toBe(-1);
      }),
    );
  });

  it('has one form at all times, and is known by it', () => {
    fc.assert(
      fc.property(time, random, (now, digits) => {
        const id = requestId(now, digits);
        expect(id).toMatch(/^r-[0-9a-z]{13}$/);
        expect(isRequestId(id)).toBe(true);
      }),
    );
  });

  it('is the same for the same time and digits', () => {
    expect(requestId(Date.UTC(2026, 2, 2, 9), '00ff')).toBe(requestId(Date.UTC(2026, 2, 2, 9), '00ff'));
  });

  it.each(['ada-0f3b2c1d', 'r-0f3b2c1d', '', 'r-2aaaaaaaa000g', 'r-2AAAAAAAA0000', 'xr-2aaaaaaaa0000'])(
    'is not %j',
    (text) => {
      expect(isRequestId(text)).toBe(false);
    },
  );
});
