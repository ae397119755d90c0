import { describe, expect, it } from 'vitest';
import { longestOutages } from './outages.js';

/** Moments from one to another, so many milliseconds apart. */
function every(step: number, from: number, to: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

describe('the longest outage', () => {
  it('is between two operations around, within or after a fault, and counts for that fault alone', () => {
    const faults = [
      { kind: 'kill', target: 'a', from: 105, to: 200 },
      { kind: 'stop', target: 'a', from: 705, to: 730 },
    ];
    // away from 110 to 190; back once at 230, and then away again until 400
    const succeeded = [
      ...every(10, 0, 110),
      190,
      230,
      ...every(10, 400, 690),
      704,
      712,
      ...every(10, 740, 1_000),
    ];
    const { byKind, withoutFaultMs } = longestOutages(faults, succeeded, 1_000);
    expect([...byKind]).toEqual([
      ['kill', 170],
      ['stop', 28],
    ]);
    expect(withoutFaultMs).toBe(14);
  });

  it('is over when some operations have succeeded after it was healed', () => {
    const faults = [{ kind: 'kill', target: 'a', from: 105, to: 115 }];
    const { byKind, withoutFaultMs } = longestOutages(faults, [...every(10, 0, 160), 500, 510], 510);
    expect(byKind.get('kill')).toBe(10);
    expect(withoutFaultMs).toBe(340);
  });

  it('is that of the worst fault of a kind', () => {
    const faults = [
      { kind: 'cut', target: 'a', from: 101, to: 149 },
      { kind: 'cut', target: 'b', from: 301, to: 379 },
    ];
    const succeeded = [...every(10, 0, 100), ...every(10, 150, 300), ...every(10, 380, 500)];
    expect(longestOutages(faults, succeeded, 500).byKind.get('cut')).toBe(80);
  });

  it('is all until the last operation ended where none succeeded any more', () => {
    const faults = [{ kind: 'cut', target: 'a', from: 50, to: 60 }];
    expect(longestOutages(faults, [10, 20], 1_000).byKind.get('cut')).toBe(980);
    expect(longestOutages(faults, [], 1_000).byKind.get('cut')).toBe(950);
  });

  it('is nothing in a run that nothing happened in', () => {
    expect(longestOutages([], [], 0)).toEqual({ byKind: new Map(), withoutFaultMs: 0 });
  });
});
