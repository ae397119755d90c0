import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeKey, encodeKey, prefixRange } from './keys.js';

const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });

describe('keys', () => {
  it('come back from their bytes', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(decodeKey(encodeKey(text))).toBe(text);
      }),
    );
  });

  it('are in the range of a prefix exactly where they start with it', () => {
    const prefix = fc.string({ unit: 'binary', maxLength: 3 });
    fc.assert(
      fc.property(prefix, key, fc.boolean(), (start, rest, joined) => {
        const text = joined ? start + rest : rest;
        const { start: from, end } = prefixRange(start);
        const bytes = encodeKey(text);
        const isWithin = Buffer.compare(from, bytes) <= 0 && Buffer.compare(bytes, end) < 0;
        expect(isWithin).toBe(text.startsWith(start));
      }),
    );
  });

  it('are behind `after` in a range that starts there', () => {
    fc.assert(
      fc.property(key, key, (after, text) => {
        const { start } = prefixRange('', after);
        const isBehind = Buffer.compare(encodeKey(text), encodeKey(after)) > 0;
        expect(Buffer.compare(start, encodeKey(text)) <= 0).toBe(isBehind);
      }),
    );
  });
});
