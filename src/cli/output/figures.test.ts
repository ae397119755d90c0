import { describe, expect, it } from 'vitest';
import {
  amountText,
  bytesText,
  countText,
  durationText,
  listText,
  numberTexts,
  timeText,
} from './figures.js';

describe('numberTexts', () => {
  it('gives all numbers of a column the decimals of the one that needs most', () => {
    expect(numberTexts([11.25, 9, 0.5])).toEqual(['11.25', '9.00', '0.50']);
    expect(numberTexts([1, 20, -3])).toEqual(['1', '20', '-3']);
    expect(numberTexts([])).toEqual([]);
  });

  it('shows six decimals at most', () => {
    expect(numberTexts([10 / 3, 2])).toEqual(['3.333333', '2.000000']);
    expect(numberTexts([0.1 + 0.2])).toEqual(['0.3']);
  });

  it('writes the very small and the very large with an exponent', () => {
    expect(numberTexts([1.5e-9, 0, 2e21])).toEqual(['1.5e-9', '0', '2e21']);
    expect(numberTexts([Number.NaN, Number.POSITIVE_INFINITY, 1.5])).toEqual(['NaN', 'Infinity', '1.5']);
  });
});

it('countText groups by thousands', () => {
  expect([0, 999, 1000, 1234567].map(countText)).toEqual(['0', '999', '1,000', '1,234,567']);
});

it('amountText uses the plural for all but one', () => {
  expect([amountText(1, 'row'), amountText(0, 'row'), amountText(2, 'party', 'parties')]).toEqual([
    '1 row',
    '0 rows',
    '2 parties',
  ]);
});

it('bytesText uses decimal units', () => {
  expect([1, 999, 1000, 9949, 9950, 999_499, 999_500, 34e6, 2e12, 5e15].map(bytesText)).toEqual([
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '9.9 kB',
    '10 kB',
    '999 kB',
    '1.0 MB',
    '34 MB',
    '2.0 TB',
    '5000 TB',
  ]);
});

it('durationText uses the unit that reads best', () => {
  expect([0, 0.44, 9.9, 42.4, 999.4, 999.6, 3100, 59_960, 125_000, 10_800_000].map(durationText)).toEqual([
    '0 ms',
    '0.4 ms',
    '9.9 ms',
    '42 ms',
    '999 ms',
    '1.0 s',
    '3.1 s',
    '1 min 0 s',
    '2 min 5 s',
    '3 h 0 min',
  ]);
});

it('timeText writes UTC, and leaves alone what is no time', () => {
  expect([timeText(0), timeText('2026-01-31T12:00:05.123Z'), timeText('soon')]).toEqual([
    '1970-01-01 00:00:00 UTC',
    '2026-01-31 12:00:05 UTC',
    'soon',
  ]);
});

it('listText names items as a sentence does', () => {
  expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(listText)).toEqual(['', 'A', 'A and B', 'A, B and C']);
});
