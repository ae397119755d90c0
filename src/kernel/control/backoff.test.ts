import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay, validateBackoff } from './backoff.js';

describe('backoffDelay', () => {
  it('doubles from the first wait up to the longest', () => {
    const backoff = validateBackoff({ initialMs: 100, maxMs: 1_000, jitter: 'none' });
    expect([1, 2, 3, 4, 5, 6].map((failures) => backoffDelay(backoff, failures, 0.5))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });

  it('draws from the whole wait with full jitter, and from its upper half with equal jitter', () => {
    const full = validateBackoff({ initialMs: 100, jitter: 'full' });
    const equal = validateBackoff({ initialMs: 100, jitter: 'equal' });
    expect([0, 0.25, 0.5].map((sample) => backoffDelay(full, 2, sample))).toEqual([0, 50, 100]);
    expect([0, 0.25, 0.5].map((sample) => backoffDelay(equal, 2, sample))).toEqual([100, 125, 150]);
  });

  it('never waits longer than the longest wait, after any number of failures', () => {
    const jitter = fc.constantFrom('equal' as const, 'full' as const, 'none' as const);
    fc.assert(
      fc.property(
        fc.integer({ min: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        jitter,
        (n, sample, j) => {
          const delay = backoffDelay(validateBackoff({ jitter: j }), n, sample);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});

describe('validateBackoff', () => {
  it('fills in the defaults', () => {
    expect(validateBackoff()).toEqual({ initialMs: 100, maxMs: 60_000, factor: 2, jitter: 'equal' });
  });

  it.each([{ initialMs: 0 }, { maxMs: 50 }, { maxMs: Number.POSITIVE_INFINITY }, { factor: 0.5 }])(
    'refuses %o',
    (options) => {
      expect(() => validateBackoff(options)).toThrow(
        expect.objectContaining({ code: 'configuration-invalid' }),
      );
    },
  );
});
