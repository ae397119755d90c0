import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock/index.js';
import { RateLimiter } from './rate-limiter.js';

describe('a rate limiter', () => {
  it('lets the allowance of a minute through at once, then one at a time', () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(60, clock);
    expect(Array.from({ length: 60 }, () => limiter.take('ada'))).toEqual(Array(60).fill(0));
    expect(limiter.take('ada')).toBe(1_000);
    clock.advance(400);
    expect(limiter.take('ada')).toBe(600);
    clock.advance(600);
    expect([limiter.take('ada'), limiter.take('ada')]).toEqual([0, 1_000]);
  });

  it('has an allowance for each key', () => {
    const limiter = new RateLimiter(1, new ManualClock());
    expect([limiter.take('ada'), limiter.take('ada') > 0, limiter.take('bob')]).toEqual([0, true, 0]);
  });

  it('has everything back after a minute', () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(7, clock);
    while (limiter.take('ada') === 0);
    clock.advance(60_000);
    expect(Array.from({ length: 8 }, () => limiter.take('ada') === 0)).toEqual([
      ...Array(7).fill(true),
      false,
    ]);
  });

  it('never lets more than twice the allowance through in any minute, nor less than what is asked slowly', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), steps, (perMinute, waits) => {
        const clock = new ManualClock();
        const limiter = new RateLimiter(perMinute, clock);
        const taken: number[] = [];
        for (const wait of waits) {
          clock.advance(wait);
          if (limiter.take('ada') === 0) taken.push(clock.now());
        }
        for (const at of taken) {
          const within = taken.filter((other) => other >= at && other < at + 60_000).length;
          expect(within).toBeLessThanOrEqual(2 * perMinute);
        }
        expect(taken.length).toBeGreaterThanOrEqual(Math.min(waits.length, perMinute));
      }),
    );
  });

  it('keeps a bounded number of keys', () => {
    const limiter = new RateLimiter(1, new ManualClock());
    for (let index = 0; index < 10_500; index += 1) limiter.take(`person ${index}`);
    expect(limiter.size).toBe(10_000);
  });

  it('without an end keeps nothing', () => {
    const limiter = new RateLimiter(Number.POSITIVE_INFINITY, new ManualClock());
    expect([limiter.take('ada'), limiter.take('ada'), limiter.size]).toEqual([0, 0, 0]);
  });
});
