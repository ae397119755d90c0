import { expect, it } from 'vitest';
import { ProgressRates } from './rates.js';

it('Rates are those of the last ten seconds, or of what was seen of them', () => {
  const rates = new ProgressRates();
  expect(rates.add({ at: 0, published: 100, done: 50 })).toEqual({ inRate: 0, outRate: 0 });
  expect(rates.add({ at: 5_000, published: 120, done: 60 })).toEqual({ inRate: 4, outRate: 2 });
  expect(rates.add({ at: 15_000, published: 220, done: 60 })).toEqual({ inRate: 10, outRate: 0 });
  expect(rates.add({ at: 65_000, published: 220, done: 160 })).toEqual({ inRate: 0, outRate: 2 });
});
