import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addFingerprint,
  bucketsFor,
  decodeFingerprint,
  emptyFingerprint,
  encodeFingerprint,
} from './fingerprint.js';

const numbers = fc
  .array(fc.nat(2 ** 32 - 1), { minLength: 257, maxLength: 257 })
  .map((list) => Uint32Array.from(list));

describe('a fingerprint', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(numbers, (fingerprint) => {
        expect(decodeFingerprint(encodeFingerprint(fingerprint))).toEqual(fingerprint);
      }),
    );
    expect(encodeFingerprint(Uint32Array.of(1, 256, 4294967295))).toBe('AQAAAAABAAD/////');
  });

  it('adds up modulo 2³²', () => {
    const sum = Uint32Array.of(4294967295, 1, 0);
    addFingerprint(sum, Uint32Array.of(2, 3, 0));
    expect(sum).toEqual(Uint32Array.of(1, 4, 0));
    expect(emptyFingerprint(256)).toHaveLength(257);
  });

  it('has buckets enough that the minimum of persons seldom share one', () => {
    expect([2, 10, 16, 17, 100, 255, 1024, 5000].map(bucketsFor)).toEqual([
      256, 256, 256, 512, 2048, 4096, 4096, 32768,
    ]);
  });
});
