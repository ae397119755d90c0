import { describe, expect, it } from 'vitest';
import { beginsAsShown, isAsShown } from './compare-output.js';

describe('an output', () => {
  it('is as shown but for times, amounts, ids and space', () => {
    const shown = [
      'Request r-0k3x9w2ab7f1c was answered in 565 ms.',
      'Up   9.8 s, since 2026-11-21 19:39:26 UTC',
    ];
    const actual = [
      'Request r-2gousk634521610eb was answered in 1.2 s.',
      'Up 2 min 3 s, since 2027-01-01 00:00:00 UTC',
      '',
    ];
    expect(isAsShown(shown, actual)).toBe(true);
    expect(isAsShown(shown, ['Request r-2gousk634521610eb was refused.', actual[1] ?? ''])).toBe(false);
  });

  it.each([
    [['a', '…', 'd'], ['a', 'b', 'c', 'd'], true],
    [['a', '…', 'd'], ['a', 'd'], true],
    [['a', '…', 'd'], ['a', 'b', 'c'], false],
    [['a … c'], ['a b c'], true],
    [['a (b)'], ['a b'], false],
    [['12 photos'], ['13 photos'], false],
    [['…'], [], true],
    [[], ['a'], false],
    [[], ['', ''], true],
  ])('%j is shown of %j: %s', (shown, actual, expected) => {
    expect(isAsShown(shown, actual)).toBe(expected);
  });

  it('of a program that goes on may have more lines', () => {
    expect(beginsAsShown(['up'], ['up', 'more'])).toBe(true);
    expect(beginsAsShown(['up', '…', 'connected'], ['up', 'key'])).toBe(false);
    expect(beginsAsShown(['up', '…', 'connected'], ['up', 'key', 'connected', 'more'])).toBe(true);
  });
});
