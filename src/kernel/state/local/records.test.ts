import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeChange,
  decodeLogKey,
  decodeRecord,
  encodeChange,
  encodeRecord,
  logKey,
  toEntry,
} from './records.js';

const revision = fc.maxSafeNat();
const entry = fc.record({
  createRevision: revision,
  modRevision: revision,
  lease: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined }),
  text: fc.json(),
});

describe('records', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(entry, (stored) => {
        expect(decodeRecord(encodeRecord(stored))).toEqual(stored);
      }),
    );
  });

  it('are told from deletions in the log', () => {
    fc.assert(
      fc.property(entry, revision, (stored, at) => {
        const key = Buffer.from('k');
        expect(decodeChange(at, key, encodeChange(stored))).toEqual({
          type: 'put',
          entry: toEntry('k', stored),
        });
        expect(decodeChange(at, key, encodeChange(undefined))).toEqual({
          type: 'delete',
          key: 'k',
          modRevision: at,
        });
      }),
    );
  });

  it('are refused where they are damaged', () => {
    for (const damaged of ['', '1 2', '1 2 \n', 'x 2 \n1', '1 2 \n{']) {
      const read = () => toEntry('k', decodeRecord(damaged));
      expect(read).toThrow(expect.objectContaining({ code: 'storage-failed' }));
    }
  });
});

describe('keys of the log', () => {
  it('are ordered by revision, then by key', () => {
    const place = fc.tuple(revision, fc.uint8Array({ maxLength: 20 }));
    fc.assert(
      fc.property(place, place, ([r1, k1], [r2, k2]) => {
        const order = Math.sign(r1 - r2) || Buffer.compare(k1, k2);
        expect(Buffer.compare(logKey(r1, k1), logKey(r2, k2))).toBe(order);
        expect(decodeLogKey(logKey(r1, k1))).toEqual({ revision: r1, key: Buffer.from(k1) });
      }),
    );
  });
});
